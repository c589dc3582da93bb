"""Teams: how their tickets are given out, and who leads them."""

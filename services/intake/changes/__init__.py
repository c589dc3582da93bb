"""One change to many tickets."""

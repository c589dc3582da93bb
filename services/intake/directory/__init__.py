"""The desk's own records of companies and of people on the customers' side, as people keep them."""

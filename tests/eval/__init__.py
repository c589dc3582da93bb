"""Measures what is read out of words against what people read in them."""

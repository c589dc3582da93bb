"""Splitting tickets: what was two things from the beginning goes on as two."""

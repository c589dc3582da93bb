"""Signed links by which a customer does one thing without signing in."""

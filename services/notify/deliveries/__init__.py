"""Deliveries: who is notified of what, and what became of it."""

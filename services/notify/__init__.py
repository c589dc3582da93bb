"""Notifies people of what happens to their tickets, by email, messenger and online, and streams events live."""

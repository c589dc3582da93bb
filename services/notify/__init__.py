"""Notifies people of what happens to their tickets, by email and online, and streams events as they happen."""

"""Logs of a ticket that take longer to read than anybody waits for one answer: read in the background (P3.2)."""

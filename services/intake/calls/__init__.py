"""Calls of the hotline: who called when, who took it, and the ticket that it is about."""

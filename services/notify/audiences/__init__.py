"""Audiences: whom a ticket concerns, and how they are reached."""

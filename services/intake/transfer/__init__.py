"""Tickets that come from another desk, and those that leave this one."""

"""Searches for tickets under a name, one's own or the team's."""

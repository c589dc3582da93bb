"""Merging tickets: what was reported twice goes on as one, until somebody says that it was two things."""

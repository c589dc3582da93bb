"""The staff console's way in: its files, as they were built, and who is at the browser."""

"""Files that belong to a ticket."""

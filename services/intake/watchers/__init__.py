"""Who else is told what happens to a ticket."""

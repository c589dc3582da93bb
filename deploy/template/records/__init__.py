"""What is kept of each ticket."""

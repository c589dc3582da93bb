"""Cases: what happened to each completed ticket."""

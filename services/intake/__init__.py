"""The service desk: takes requests from every channel, asks for what is missing, owns the ticket."""

"""What `make new-service NAME=…` copies to services/NAME: it keeps a record of each ticket, made of events, to which
staff may add a note. Tests run it as it stands here."""

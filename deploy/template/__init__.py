"""What a new service begins as: `make new-service NAME=…` copies this folder to services/NAME.

It keeps a record of each ticket, made of events, to which staff may add a note. Tests run it as it stands here.
"""

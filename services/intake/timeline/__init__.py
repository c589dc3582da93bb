"""Everything that happened to a ticket, from the events of all services, in one order."""

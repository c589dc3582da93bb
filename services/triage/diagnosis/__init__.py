"""Category and priority of a ticket: what its words and solved cases say, and what people decide."""

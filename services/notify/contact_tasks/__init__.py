"""Contact tasks: somebody at the desk telephones a customer whom nothing else reaches."""

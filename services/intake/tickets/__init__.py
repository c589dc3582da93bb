"""The ticket: what a customer needs, how far it is, and how it is closed."""

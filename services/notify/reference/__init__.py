"""The reference of the API: what can be asked over HTTP, and what happens as events."""

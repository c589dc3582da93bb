"""API keys of machine clients, and the access tokens that they are exchanged for."""

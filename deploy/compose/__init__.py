"""Bihuan on one machine with Docker: what compose.yaml starts before the services."""

"""Envoy's one file, for the local runner, for compose and for whoever runs Envoy elsewhere."""

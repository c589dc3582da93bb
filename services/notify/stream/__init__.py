"""The live stream: every event as it happens, to those who may see it."""

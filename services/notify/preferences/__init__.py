"""Preferences: how and when a person wants to be told."""

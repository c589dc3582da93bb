"""Measures the desk beside the bare servers that it stands on."""

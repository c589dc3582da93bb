"""Messengers that customers write from: the accounts of the desk, and how their platforms are called."""

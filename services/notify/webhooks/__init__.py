"""Webhooks: other systems are told what happens, signed, in order, until they have taken it."""

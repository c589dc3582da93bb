"""Mails that customers write: received, stored as they are, then read and put on a ticket (P1.1, P1.3)."""

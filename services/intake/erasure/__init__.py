"""Forgetting a person: what names them and what they said is unreadable afterwards, what was counted stays."""

"""How tickets belong together: causes, follows, related, duplicates."""

"""Who looks at a ticket or works on it just now."""

"""Templates: what people read, in both languages."""

"""Training (P6.3): a case-sharing session every quarter, and a pack before each version goes live."""

"""Pages on which third parties answer what they were asked about a ticket (P3.2)."""

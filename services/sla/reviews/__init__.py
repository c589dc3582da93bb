"""Reviews: what a month came to, as page, PDF, CSV and JSON (P6.2)."""

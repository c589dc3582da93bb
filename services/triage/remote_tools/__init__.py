"""Tools that remote assistance may be given with (P3.1)."""

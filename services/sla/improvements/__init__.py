"""Improvements: what a review leads to, who sees to it, and whether it helped (P6.2)."""

"""Figures: what is kept of each ticket for them, and sums by day and dimension."""

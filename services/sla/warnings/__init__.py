"""Warnings that stand: which clocks will be late soon or are, and who was told."""

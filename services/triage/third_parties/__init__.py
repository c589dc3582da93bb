"""Third parties that are asked for help: vendors and teams of other systems (P3.2)."""

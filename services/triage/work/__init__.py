"""Work items: one ticket as the people see it who work on it, and what they do until a solution is verified."""

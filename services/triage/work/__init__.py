"""Work items: a ticket as those see it who work on it, and what they do until a solution is verified."""

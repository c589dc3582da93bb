"""The customers' own pages: their tickets, a form for new ones, and all that they can do with one; without a script."""

"""Ticket forms: which fields are asked for, per product and category, as an administrator declares them."""

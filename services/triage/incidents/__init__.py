"""Mass errors: tickets of several customers that have one cause are proposed as one incident (P2.3)."""

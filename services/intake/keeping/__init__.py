"""What staff keep for themselves or share with the team: saved views, macros."""

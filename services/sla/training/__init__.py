"""Training: the hard cases of a quarter are proposed as the agenda of a session (P6.3)."""

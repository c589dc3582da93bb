"""What the five services stand on: the contract between them, and the plumbing."""

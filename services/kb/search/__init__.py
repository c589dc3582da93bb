"""Full-text search over published articles and archived cases, by an index of each replica's own."""

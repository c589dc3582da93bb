"""Full-text search over published articles and archived cases, held in memory by every replica."""

"""The shelf life of articles: what makes somebody look at one again, and who did."""

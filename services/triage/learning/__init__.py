"""A classifier that learns from tickets that people confirmed: trained beside the service, kept in versions (P2.2)."""

"""What a customer's own words say about a problem: version, environment, error, who is affected (P1.2)."""

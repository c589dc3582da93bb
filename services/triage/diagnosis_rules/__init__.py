"""Rules that administrators write for the diagnosis of tickets, in front of what triage reads by itself (P2.2)."""

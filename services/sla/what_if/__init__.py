"""What if: a past range of tickets is replayed with another policy, calendar or staffing. Nothing is sent or kept."""

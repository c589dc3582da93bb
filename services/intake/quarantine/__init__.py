"""Files that a virus scanner has not looked at yet, or that are infected."""

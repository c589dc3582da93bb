"""Written consent to remote assistance."""

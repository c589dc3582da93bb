"""What staff have typed and not sent yet, and replies that can still be taken back."""

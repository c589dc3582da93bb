"""Articles that customers are shown before they submit a request, and what that is worth."""

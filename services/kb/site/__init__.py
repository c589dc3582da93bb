"""The static site: published articles as pages that need no server."""

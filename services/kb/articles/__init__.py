"""Knowledge articles: from draft to publication, and what tickets say about them."""

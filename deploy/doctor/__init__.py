"""What is wrong with an installation, or soon will be."""

"""What is said about a ticket: messages and answers to guided questions."""

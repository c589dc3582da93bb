"""Answers that are given often, with the changes that go with them."""

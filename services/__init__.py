"""The five services. They know `shared`, never each other."""

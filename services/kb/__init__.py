"""The knowledge base: solved cases, the articles drafted from them, and the search that finds both."""

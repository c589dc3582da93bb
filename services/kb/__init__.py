"""The memory: solved cases and the articles learnt from them, and the search that finds them again."""

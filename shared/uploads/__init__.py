"""Files that people send: how forms are read, what files are called, what they are."""

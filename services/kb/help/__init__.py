"""Articles as customers read them: what is published for everybody or for customers, and nothing about its making."""

"""What customers read on their tickets about an incident that they are part of."""

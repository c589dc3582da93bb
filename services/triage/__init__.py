"""The work on tickets: diagnosis, the queue, engineers, and what is done until a solution is verified."""

"""Categories of problems and the queues that they lead to, as an administrator keeps them (P2.2)."""

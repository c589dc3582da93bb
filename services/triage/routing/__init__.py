"""Who works on what: the queue, engineers and their workload, assignments and releases."""

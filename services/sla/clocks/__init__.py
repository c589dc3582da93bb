"""The SLA clocks of each ticket: what has elapsed, what is paused, due and late."""

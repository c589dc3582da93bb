"""SLA clocks: what is due by when, what is paused or overdue, and the figures of a period."""

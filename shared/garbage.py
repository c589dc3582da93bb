"""What is there when a process has started is there for good: the collector of garbage need not look through it again.

Where many documents are read at once, as when thousands of clocks run out together, half of the time went into going
through all modules, classes and schemas of a service, again and again.
"""

import gc

AT_LEAST = 10_000  # objects more than were let go, before the youngest are looked through


async def spare_what_stays() -> None:
    """Once, at the end of the start of a process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(AT_LEAST, *gc.get_threshold()[1:])

"""Documents that are kept for a time, and removed after it.

Not by TTL indexes: the embedded server's sweeper reads whole collections once a minute, and rests between two sweeps
with its cursors on their pages of the storage engine. Such a page can't be split, so that while it grows each reader
of it sleeps 10 ms: 2,000 clocks of sla took 90 seconds instead of 16.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from shared.mongo import is_transient

EVERY = 3600.0  # seconds
RemoveExpired = Callable[[], Awaitable[int]]  # how many were removed

logger = logging.getLogger(__name__)


async def keep_removing(jobs: Sequence[RemoveExpired]) -> None:
    """Now and once an hour, until it is cancelled. Replicas that do it at once find less to do."""
    while True:
        for job in jobs:
            try:
                await job()
            except Exception as error:
                if not is_transient(error):
                    logger.exception("what has expired is looked for again in an hour")
                else:
                    logger.warning("what has expired is looked for again in an hour: %s", error)
        await asyncio.sleep(EVERY)

"""The post room: mails wait here, in memory, for one of the few that carry them out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from services.notify.domain import Delivery

logger = logging.getLogger(__name__)
CARRIERS = 8
ROOM = 400  # what waits longer than a lease would be sent twice, so not more than can be carried out well before
STOP_WITHIN = 5.0  # seconds


class Post:
    """Sends up to eight at the same time, outside of the handling of events.

    What is lost from memory by a crash is still in the database, and comes again when its lease is over.
    """

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue(ROOM)
        self._carriers: list[asyncio.Task[None]] = []

    @property
    def has_room(self) -> bool:
        return not self._waiting.full()

    async def put(self, delivery: Delivery) -> None:
        """Waits when there is no room."""
        await self._waiting.put(delivery)

    async def empty(self) -> None:
        """Wait until everything is carried out."""
        await self._waiting.join()

    def start(self, send: Callable[[Delivery], Awaitable[None]]) -> None:
        self._carriers = [asyncio.create_task(self._carry(send)) for _ in range(CARRIERS)]

    async def stop(self) -> None:
        """Let the mails that are on their way arrive; those that wait are left to the next start."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
            self._waiting.task_done()
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await self.empty()
        except TimeoutError:
            logger.warning("mails were on their way at the end; they are sent again")
        for carrier in self._carriers:
            carrier.cancel()
        await asyncio.gather(*self._carriers, return_exceptions=True)

    async def _carry(self, send: Callable[[Delivery], Awaitable[None]]) -> None:
        while True:
            delivery = await self._waiting.get()
            try:
                await send(delivery)
            except Exception:  # one that fails must not end the carrier
                logger.exception("delivery %s is tried again when its lease is over", delivery.id)
            finally:
                self._waiting.task_done()

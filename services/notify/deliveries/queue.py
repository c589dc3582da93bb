"""The post room: mails wait here, in memory, for one of the few that carry them out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from services.notify.deliveries.domain import Delivery

logger = logging.getLogger(__name__)
CARRIERS = 8
ROOM = 400
RENEW_EVERY = 4.0  # seconds; a lease outlives two renewals that fail
ENOUGH = timedelta(seconds=5)  # of a lease, to begin a try
STOP_WITHIN = 5.0  # seconds

Send = Callable[[Delivery], Awaitable[None]]
Renew = Callable[[Sequence[str]], Awaitable[datetime]]


class Post:
    """Sends up to eight at the same time, outside of the handling of events, and renews the leases of what it has.

    What is lost from memory by a crash is still in the database, and comes again when its lease is over.
    """

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue(ROOM)
        self._held: dict[str, datetime] = {}  # until when each is ours
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def has_room(self) -> bool:
        return not self._waiting.full()

    def has(self, id: str) -> bool:
        return id in self._held

    def is_held(self, delivery: Delivery, now: datetime) -> bool:
        """Not when somebody else may take it over any moment."""
        return delivery.id in self._held and self._held[delivery.id] - now >= ENOUGH

    async def put(self, delivery: Delivery) -> None:
        """One that this process holds. Waits when there is no room."""
        assert delivery.due_at
        self._held[delivery.id] = delivery.due_at
        await self._waiting.put(delivery)

    async def empty(self) -> None:
        """Wait until everything is carried out."""
        await self._waiting.join()

    def start(self, send: Send, renew: Renew) -> None:
        self._tasks = [asyncio.create_task(self._carry(send)) for _ in range(CARRIERS)]
        self._tasks.append(asyncio.create_task(self._keep(renew)))

    async def stop(self) -> list[str]:
        """Let the mails that are on their way arrive; the ids of those that wait are the answer."""
        left: list[str] = []
        while not self._waiting.empty():
            left.append(self._waiting.get_nowait().id)
            self._waiting.task_done()
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await self.empty()
        except TimeoutError:
            logger.warning("mails were on their way at the end; they are sent again")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return left

    async def _carry(self, send: Send) -> None:
        while True:
            delivery = await self._waiting.get()
            try:
                await send(delivery)
            except Exception:  # one that fails must not end the carrier
                logger.exception("delivery %s is tried again when its lease is over", delivery.id)
            finally:
                self._held.pop(delivery.id, None)
                self._waiting.task_done()

    async def _keep(self, renew: Renew) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            ids = list(self._held)
            if not ids:
                continue
            try:
                until = await renew(ids)
            except Exception as error:  # the database is away: asked again, and what is over is not begun
                logger.warning("leases of %d mails were not renewed: %s", len(ids), error)
                continue
            for id in ids:
                if id in self._held:
                    self._held[id] = until

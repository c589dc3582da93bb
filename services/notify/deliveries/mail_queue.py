"""A queue of what is to be sent by one channel, in memory, and the workers that send it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from services.notify.deliveries.domain import Delivery

logger = logging.getLogger(__name__)
WORKERS = 8
CAPACITY = 400
RENEWAL_INTERVAL = 4.0  # seconds
# What is sent soon needs no renewal, each of which is a write; a lease outlives two renewals that fail.
RENEWED_BELOW = timedelta(seconds=18)
MIN_LEASE_LEFT = timedelta(seconds=5)  # to begin an attempt
SHUTDOWN_TIMEOUT = 5.0  # seconds

Send = Callable[[Delivery], Awaitable[None]]
Renew = Callable[[Sequence[str]], Awaitable[datetime]]


class MailQueue:
    """Sends outside of the handling of events, and renews the leases of what is queued.

    What a crash loses from memory is still in the database, and is sent when its lease is over.
    """

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        self._reserved = 0  # places of those that are being stored or claimed
        self._leases: dict[str, datetime] = {}  # until when, by delivery: of those that wait or are being sent
        self.tasks: list[asyncio.Task[None]] = []
        self._was_full = False

    def reserve(self) -> bool:
        """A place for one that is about to be stored or claimed; `release` it when that is done. Nobody waits for
        one, as the channel may be slow: where there is none it stays in the database, and `on_room` is told when there
        is."""
        if self._waiting.qsize() + self._reserved >= CAPACITY:
            self._was_full = True
            return False
        self._reserved += 1
        return True

    def release(self) -> None:
        """What was reserved is put in by now, or never will be."""
        self._reserved -= 1
        self._signal_room()

    def __contains__(self, id: str) -> bool:
        return id in self._leases

    def has_lease(self, delivery: Delivery, now: datetime) -> bool:
        """Not when another process may claim it any moment."""
        return delivery.id in self._leases and self._leases[delivery.id] - now >= MIN_LEASE_LEFT

    def put(self, delivery: Delivery) -> None:
        """One that this process has the lease of, and has reserved a place for."""
        assert delivery.due_at
        self._leases[delivery.id] = delivery.due_at
        self._waiting.put_nowait(delivery)

    async def join(self) -> None:
        """Wait until everything is sent, or has failed."""
        await self._waiting.join()

    def start(self, send: Send, renew: Renew, on_room: Callable[[], None], now: Callable[[], datetime]) -> None:
        """`on_room` is told when there is room again after it was full."""
        self._on_room, self._now = on_room, now
        self.tasks = [asyncio.create_task(self._work(send)) for _ in range(WORKERS)]
        self.tasks.append(asyncio.create_task(self._renew_leases(renew)))

    async def stop(self) -> list[str]:
        """Let what is being sent come to its end; returns the ids of what still waits."""
        left: list[str] = []
        while not self._waiting.empty():
            left.append(self._waiting.get_nowait().id)
            self._waiting.task_done()
        try:
            async with asyncio.timeout(SHUTDOWN_TIMEOUT):
                await self.join()
        except TimeoutError:
            logger.warning("mails were still being sent at the shutdown; they are sent again")
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        return left

    async def _work(self, send: Send) -> None:
        while True:
            delivery = await self._waiting.get()
            try:
                await send(delivery)
            except Exception:  # one that fails must not end the worker
                logger.exception("delivery %s is tried again when its lease is over", delivery.id)
            finally:
                self._leases.pop(delivery.id, None)
                self._waiting.task_done()
                self._signal_room()

    def _signal_room(self) -> None:
        if self._was_full and self._waiting.qsize() + self._reserved <= CAPACITY // 4:
            self._was_full = False
            self._on_room()

    async def _renew_leases(self, renew: Renew) -> None:
        while True:
            await asyncio.sleep(RENEWAL_INTERVAL)
            soon = self._now() + RENEWED_BELOW
            ids = [id for id, until in self._leases.items() if until < soon]
            if not ids:
                continue
            try:
                until = await renew(ids)
            except Exception as error:  # the database is away: tried again; nothing is begun when a lease is over
                logger.warning("leases of %d mails were not renewed: %s", len(ids), error)
                continue
            for id in ids:
                if id in self._leases:
                    self._leases[id] = until

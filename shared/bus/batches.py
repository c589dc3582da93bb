"""Events that are handled many at once, in no order: where they are only kept, one write serves them all. They take no
place among those that are handled one by one, and hold up nothing that comes behind them. Some are handled one by one
first."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from itertools import islice

import nats.errors

from shared.bus.attempts import Attempts, BatchHandler, Handler
from shared.bus.delivery import Delivery
from shared.bus.link import wait_or_timeout
from shared.bus.names import TRACEPARENT, Limits
from shared.events import Event

logger = logging.getLogger(__name__)
MOST = 256  # in one call of the handler


class Batches:
    """`first` are the handlers of those that have one of their own. What fails comes again, and then each for itself:
    `takes` says no to it."""

    def __init__(self, attempts: Attempts, limits: Limits) -> None:
        self.on_room: Callable[[], object] = lambda: None
        self._attempts = attempts
        self._limits = limits
        self.kinds: frozenset[type[Event]] = frozenset()
        self.first: dict[type[Event], Handler] = {}
        self._held: dict[tuple[int, str], tuple[Event, Delivery]] = {}  # by sequence and id
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    def on(self, kinds: Iterable[type[Event]], handler: BatchHandler) -> None:
        self.kinds, self._handler = frozenset(kinds), handler

    async def handle_alone(self, event: Event) -> None:
        """Also one that cannot be handled first: that it came is known all the same."""
        try:
            if first := self.first.get(type(event)):
                await first(event)
        finally:
            await self._handler([event])

    def takes(self, event: Event, delivery: Delivery) -> bool:
        return type(event) in self.kinds and delivery.times == 1

    @property
    def idle(self) -> bool:
        return not self._held

    @property
    def deliveries(self) -> list[Delivery]:
        return [delivery for _, delivery in self._held.values()]

    @property
    def load(self) -> int:
        """Events that take up room in the window: what the next call takes with it does not."""
        return max(len(self._held) - MOST, 0)

    def take(self, event: Event, delivery: Delivery) -> None:
        self._held[delivery.sequence, event.id] = event, delivery
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Handle what is here."""
        self._stopping.set()
        if self._task:
            await asyncio.wait([self._task], timeout=self._limits.handle_within)

    async def _run(self) -> None:
        while self._held:
            await wait_or_timeout(self._stopping, self._limits.gather)
            batch = dict(islice(self._held.items(), MOST))
            try:
                await self._handle(list(batch.values()))
            except nats.errors.Error as error:  # they come again, and the store knows them
                logger.warning("%d events will come again: %s", len(batch), error)
            for key in batch:
                del self._held[key]
            self.on_room()
        self._task = None

    async def _handle(self, batch: list[tuple[Event, Delivery]]) -> None:
        taken = [(event, delivery.headers.get(TRACEPARENT, "")) for event, delivery in batch]
        error = await self._attempts.together(taken, self._handler)
        if error:
            logger.warning("%d events come again, each for itself: %s", len(batch), error)
        for _, delivery in batch:
            await (delivery.nak(self._limits.ack_wait) if error else delivery.ack())

"""AttemptMarks of attempts: an event that ends the process is known by those that were begun and never ended.

The number of its deliveries is not that number: it also grows when a replica stops and hands back what it had.
"""

import time
from collections import Counter

from shared.bus.deferred import Deferred, DeferredEvent, StoredLane

SUSPECT_AFTER = 2  # deliveries
LEASE = 15.0  # seconds beyond the handler's time limit


class LeaseLost(Exception):
    """It took too long, and somebody else has taken the lane."""


class AttemptMarks:
    """Of events that come from the bus. Those that could not be taken away, because the store went away meanwhile, do
    not count here."""

    def __init__(self, store: Deferred) -> None:
        self.store = store
        self.stuck: Counter[str] = Counter()

    def of(self, id: str) -> "EventMark":
        return EventMark(self, id)


class EventMark:
    def __init__(self, marks: AttemptMarks, id: str) -> None:
        self._marks = marks
        self._id = id

    async def begun(self) -> int:
        return await self._marks.store.begun(self._id) - self._marks.stuck[self._id]

    async def begin(self) -> None:
        await self._marks.store.begin(self._id)
        self._marks.stuck[self._id] += 1

    async def end(self) -> None:
        await self._marks.store.end(self._id)
        del self._marks.stuck[self._id]


class LaneMark:
    """Of an event that waited in the store: the lane's lease is its mark."""

    def __init__(self, store: Deferred, lane: StoredLane, event: DeferredEvent, within: float) -> None:
        self._store = store
        self._lane = lane
        self._event = event
        self._within = within

    async def begun(self) -> int:
        return self._lane.begun if self._lane.at == self._event.id else 0

    async def begin(self) -> None:
        """Raises LeaseLost."""
        if not await self._store.claim(self._lane, time.time() + self._within + LEASE, self._event.id):
            raise LeaseLost

    async def end(self) -> None:
        """The next event of the lane, or giving it back, takes its place."""

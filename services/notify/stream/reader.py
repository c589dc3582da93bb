"""One open connection to the live stream."""

import asyncio
from collections import deque

from services.notify.stream.filters import Filters
from services.notify.stream.visibility import StreamItem
from shared.auth import Principal

BUFFER_SIZE = 1000  # events that a reader may be behind; they are the same objects for all readers
# While a reader catches up they are its own: so few at a time, and only so long for room.
OWN_EVENTS, ROOM_WITHIN = 16, 20.0  # seconds


class Reader:
    """What waits to be written to it, and, until it has caught up, what the shared follower brought meanwhile."""

    def __init__(
        self,
        after: int,
        principal: Principal,
        behind: bool,
        filters: Filters | None = None,
        wants_presence: bool = False,
    ) -> None:
        self.principal = principal
        self.wants_presence = wants_presence
        self.filters = filters or Filters()
        self.after = after
        self.closed = asyncio.Event()
        self.was_cut = False
        self.waiting: asyncio.Queue[StreamItem | bytes | None] = asyncio.Queue(BUFFER_SIZE)
        self._held: deque[StreamItem] | None = deque() if behind else None
        self._taken = asyncio.Event()

    async def bring(self, item: StreamItem | bytes) -> None:
        """While it catches up. Raises TimeoutError when it does not take what it has."""
        async with asyncio.timeout(ROOM_WITHIN):
            while self.waiting.qsize() >= OWN_EVENTS and not self.closed.is_set():
                self._taken.clear()
                await self._taken.wait()
        if not self.closed.is_set():
            self.waiting.put_nowait(item)

    async def take(self) -> StreamItem | bytes | None:
        """What is next; None when it is over."""
        item = await self.waiting.get()
        self._taken.set()
        return item

    async def ended(self) -> None:
        await self.closed.wait()

    def push(self, item: StreamItem) -> None:
        """From the shared follower. A reader who is too slow is closed, and comes back for the rest."""
        if item.sequence <= self.after:
            return
        if self._held is not None:
            if len(self._held) == BUFFER_SIZE:
                self._held.clear()
            self._held.append(item)
        elif self.waiting.full():
            self.close()
        else:
            self.waiting.put_nowait(item)

    def push_now(self, chunk: bytes) -> None:
        """What is of account for a moment only: whoever is behind does without."""
        if self._held is None and not self.waiting.full():
            self.waiting.put_nowait(chunk)

    def try_join(self, position: int) -> bool:
        """Go on with what is held, if that begins at this position or before it."""
        if not self._held or self._held[0].sequence > position:
            return False
        self.join(position)
        return True

    def join(self, position: int) -> None:
        """It has caught up to this position."""
        held, self._held, self.after = self._held or deque(), None, position
        for item in held:
            self.push(item)

    def close(self) -> None:
        """At once: what still waits is brought when the reader comes back."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)
        self.closed.set()
        self._taken.set()

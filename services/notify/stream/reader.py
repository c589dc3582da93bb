"""One open connection to the live stream."""

import asyncio
from collections import deque

from services.notify.stream.visibility import StreamItem
from shared.auth import Principal

BUFFER_SIZE = 1000  # events that a reader may be behind


class Reader:
    """What waits to be written to it, and, until it has caught up, what the shared follower brought meanwhile."""

    def __init__(self, after: int, principal: Principal, behind: bool) -> None:
        self.principal = principal
        self.after = after
        self.waiting: asyncio.Queue[StreamItem | bytes | None] = asyncio.Queue(BUFFER_SIZE)
        self._held: deque[StreamItem] | None = deque() if behind else None

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

    def try_join(self, place: int) -> bool:
        """Go on with what is held, if that begins at this place or before it."""
        if not self._held or self._held[0].sequence > place:
            return False
        self.join(place)
        return True

    def join(self, place: int) -> None:
        """It has caught up to this place."""
        held, self._held, self.after = self._held or deque(), None, place
        for item in held:
            self.push(item)

    def close(self) -> None:
        """At once: what still waits is brought when the reader comes back."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)

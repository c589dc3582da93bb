"""What a process keeps in memory of documents that are few and change rarely."""

import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Read again at the first use after `fresh_for` seconds: so long may a change by another replica go unseen."""

    def __init__(self, read: Callable[[], Awaitable[T]], fresh_for: float) -> None:
        self._read = read
        self._fresh_for = fresh_for
        self._kept: T | None = None
        self._read_at = 0.0

    async def get(self) -> T:
        """Raises what `read` raises."""
        if self._kept is None or time.monotonic() - self._read_at > self._fresh_for:
            return await self.refresh()
        return self._kept

    async def refresh(self) -> T:
        """Read it now. Raises what `read` raises; what was kept before is then still kept."""
        started_at = time.monotonic()
        self._kept = await self._read()
        self._read_at = started_at
        return self._kept

    def drop(self) -> None:
        """It is known to be wrong."""
        self._kept = None

    @property
    def kept(self) -> T | None:
        """As it was read, however old; None when it has to be read."""
        return self._kept

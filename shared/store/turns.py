"""Whoever changes a document waits until those of this process who came before have done so: of several who try at
once, all but one would read and decide in vain. It guards nothing: other processes do not know of it, and whoever has
waited long goes ahead."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

PATIENCE = 2.0  # seconds: the one before may be waiting for a server that is away


class Turns:
    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, id: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(id, asyncio.Lock())
        is_ours = await _acquired(lock)
        try:
            yield
        finally:
            if is_ours:
                lock.release()


async def _acquired(lock: asyncio.Lock) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await lock.acquire()
    except TimeoutError:
        return False

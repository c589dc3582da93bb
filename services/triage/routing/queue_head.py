"""The queue as those see it who claim the next ticket at the same time: each tries a ticket of their own."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from services.triage.work.domain import AlreadyAssigned

FIRST_PAGE = 100  # rows: as a rule one of them fits
NEXT_PAGES = 1000
REMEMBERED = 2000  # tickets of which rows that were read before are known to be old
Row = dict[str, Any]
Page = tuple[list[Row], str | None]
Read = Callable[[str | None, int], Awaitable[Page]]  # behind this cursor so many rows, and the cursor of the next


class QueueHead:
    """It saves work and decides nothing: whose a ticket is says the write of its work item, on every replica."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._reading: asyncio.Task[Page] | None = None
        self._waiting: asyncio.Task[Page] | None = None
        self._in_hand: set[str] = set()
        self._claimed: OrderedDict[str, int] = OrderedDict()  # ticket: the version at which it was last seen free

    async def rows(self) -> AsyncIterator[Row]:
        """All that wait, in order, without what is disputed: of that a person has to say first whose it is."""
        rows, after = await self._first_page()
        while True:
            for row in rows:
                if not row.get("disputed"):
                    yield row
            if after is None:
                return
            rows, after = await self._read(after, NEXT_PAGES)

    def is_free(self, row: Row) -> bool:
        """As far as this process knows: nobody is just taking it here, nor has anybody since it was read."""
        return row["id"] not in self._in_hand and row["version"] > self._claimed.get(row["id"], 0)

    @contextmanager
    def taking(self, row: Row) -> Iterator[None]:
        """Others pass it over meanwhile; when it turns out to be somebody's, also who has read it as free."""
        ticket = row["id"]
        self._in_hand.add(ticket)
        try:
            yield
        except AlreadyAssigned:
            self._note_claimed(ticket, row["version"])
            raise
        else:
            self._note_claimed(ticket, row["version"])
        finally:
            self._in_hand.discard(ticket)

    async def _first_page(self) -> Page:
        """Those who ask at the same time share one reading, which begins after each of them has asked."""
        if self._waiting is None:
            self._waiting = asyncio.create_task(self._read_after(self._reading))
        return await asyncio.shield(self._waiting)

    async def _read_after(self, before: asyncio.Task[Page] | None) -> Page:
        if before:
            await asyncio.wait([before])
        self._reading, self._waiting = self._waiting, None
        return await self._read(None, FIRST_PAGE)

    def _note_claimed(self, ticket: str, version: int) -> None:
        self._claimed.pop(ticket, None)
        self._claimed[ticket] = version
        if len(self._claimed) > REMEMBERED:
            self._claimed.popitem(last=False)

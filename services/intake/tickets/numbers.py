"""The numbers of tickets. None is given twice, also by a database that came up empty or older than the bus."""

import asyncio
import re
import time
from dataclasses import dataclass, field

from shared.bus import Bus
from shared.domain import Unavailable
from shared.events import ImportPartTaken, TicketOpened
from shared.mongo import Counter

NUMBER = re.compile(r"TK-(?P<year>[0-9]{4})-(?P<count>[0-9]{6,9})")
NEWEST_CHECKED = 300  # tickets: blocks are given at the same time, so the newest has not the highest number
MARGIN = 500  # so many numbers may have been given whose tickets the bus never heard of
BUS_TIMEOUT = 3.0  # seconds
PARTS_CHECKED = 10  # of imports
RETRY_AFTER = 2.0  # seconds after a bus did not answer


@dataclass
class TicketNumbers:
    """The counter in the database, never behind the tickets that the bus knows.

    Before a process gives its first number of a year it asks the bus. While that is away the counter is believed where
    there is one; where there is none, a lost database looks like a new one, and nothing is given.
    """

    counter: Counter
    bus: Bus
    _checked: set[str] = field(default_factory=set)  # years
    _checking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _retry_at: float = 0.0

    async def next(self, year: int) -> str:
        """Raises Unavailable."""
        name = str(year)
        if name in self._checked:
            return await self._next(name)
        async with self._checking:
            if name not in self._checked and not await self._check_bus(name):
                await self._require_counter(name)
            return await self._next(name)

    async def reserve(self, number: str) -> None:
        """Nobody is given this number again."""
        found = NUMBER.fullmatch(number)
        if found and not self.counter.knows(found["year"], int(found["count"])):
            await self.counter.raise_above(found["year"], int(found["count"]), MARGIN)

    async def _require_counter(self, name: str) -> None:
        """A year that turns while the bus is away is no lost database. Raises Unavailable."""
        if not self._checked and not await self.counter.exists(name):
            raise Unavailable(
                "No ticket number can be assigned at the moment; please try again",
                "暂时无法分配工单编号，请稍后重试",
            )

    async def _next(self, name: str) -> str:
        return f"TK-{name}-{await self.counter.next(name):06d}"

    async def _check_bus(self, name: str) -> bool:
        """Whether the bus has answered."""
        if not self.bus.is_open() or time.monotonic() < self._retry_at:
            return False
        try:
            opened = await self.bus.latest(TicketOpened, NEWEST_CHECKED, BUS_TIMEOUT)
            taken = await self.bus.latest(ImportPartTaken, PARTS_CHECKED, BUS_TIMEOUT)
        except Unavailable:
            self._retry_at = time.monotonic() + RETRY_AFTER
            return False
        numbers = [*(one.subject for one in opened), *(one.ticket for part in taken for one in part.tickets)]
        found = [match for one in numbers if (match := NUMBER.fullmatch(one)) and match["year"] == name]
        # What was given while the bus was away was taken from a counter that may have been behind.
        highest = max((int(match["count"]) for match in found), default=0)
        await self.counter.raise_above(name, highest, MARGIN, anew=True)
        self._checked.add(name)
        return True

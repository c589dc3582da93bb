"""The numbers of tickets. None is given twice, also by a database that came up empty or older than the bus."""

import asyncio
import re
import time
from dataclasses import dataclass, field

from shared.bus import Bus
from shared.domain import Unavailable
from shared.events import TicketOpened
from shared.mongo import Counter

NUMBER = re.compile(r"TK-(?P<year>[0-9]{4})-(?P<place>[0-9]{6,9})")
LOOKED_AT = 300  # of the newest tickets: blocks are given at the same time, so the newest has not the highest number
MARGIN = 500  # so far may numbers have been given whose tickets the bus never heard of
ANSWERS_WITHIN = 3.0  # seconds
ASK_AGAIN = 2.0  # seconds after a bus did not answer


@dataclass
class Numbers:
    """The counter in the database, never behind the tickets that the bus knows.

    Before a process gives its first number of a year it asks the bus. While that is away the counter is believed where
    there is one; where there is none, a lost database looks like a new one, and nothing is given.
    """

    counter: Counter
    bus: Bus
    _asked: set[str] = field(default_factory=set)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _again: float = 0.0

    async def next(self, year: int) -> str:
        """Raises Unavailable."""
        name = str(year)
        if name in self._asked:
            return await self._next(name)
        async with self._asking:
            if name not in self._asked and not await self._ask(name):
                await self._must_be_believed(name)
            return await self._next(name)

    async def _must_be_believed(self, name: str) -> None:
        """A year that turns while the bus is away is no lost database. Raises Unavailable."""
        if not self._asked and not await self.counter.exists(name):
            raise Unavailable(
                "no ticket can be numbered until the message bus has answered once",
                "消息总线尚未应答，暂时无法分配工单编号",
            )

    async def _next(self, name: str) -> str:
        return f"TK-{name}-{await self.counter.next(name):06d}"

    async def _ask(self, name: str) -> bool:
        """Whether the bus has answered."""
        if not self.bus.is_open() or time.monotonic() < self._again:
            return False
        try:
            opened = await self.bus.latest(TicketOpened, LOOKED_AT, ANSWERS_WITHIN)
        except Unavailable:
            self._again = time.monotonic() + ASK_AGAIN
            return False
        places = [
            int(found["place"]) for one in opened if (found := NUMBER.fullmatch(one.subject)) and found["year"] == name
        ]
        # What was given while the bus was away was taken from a counter that may have been behind.
        await self.counter.raise_above(name, max(places, default=0), MARGIN, anew=True)
        self._asked.add(name)
        return True

    async def heard(self, number: str) -> None:
        """Nobody is given this number again."""
        found = NUMBER.fullmatch(number)
        if found and not self.counter.knows(found["year"], int(found["place"])):
            await self.counter.raise_above(found["year"], int(found["place"]), MARGIN)

"""What the stream has lost is told again: its storage was lost, or put back as it was some time ago, while the services
kept their databases. Whether that happened is seen by when the stream was made, and by whether the last of our events
that it took is still in its place."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from nats.js.errors import NotFoundError

from shared.bus.link import Link
from shared.bus.names import MESSAGE_ID
from shared.outbox import Outgoing, Refused, Sent, SetAside
from shared.tasks import ended
from shared.telemetry import TOLD_AGAIN

logger = logging.getLogger(__name__)
AT_ONCE = 50  # events in memory, each of up to a megabyte
PAUSE = 0.1  # seconds after so many, so that what happens now is not told behind all that was told in a day


class SentLog(Protocol):
    """What a service keeps of what it told: every event with its place in the stream. Raises whatever the database
    raises when it is away."""

    async def ensure_indexes(self) -> None: ...

    async def add(self, sent: Sequence[Sent]) -> None:
        """In one statement. Adding an event twice is adding it once."""

    async def move(self, places: Mapping[str, int]) -> None:
        """These events have other places now."""

    def places(self) -> AsyncIterator[tuple[str, int]]:
        """Id and place of all, in the order of their places."""

    async def load(self, ids: Sequence[str]) -> list[Outgoing]:
        """In the order of their places."""

    async def newest(self) -> tuple[str, int]:
        """Id and place of the last in the stream; nothing and 0 when there is none."""

    async def stream(self) -> str:
        """When the stream was made that has all of them; empty when that is not known."""

    async def set_stream(self, made: str) -> None: ...


class Retell:
    """Without a log nothing is told again. `resend` publishes again what is sent and not in the log yet."""

    def __init__(
        self,
        link: Link,
        service: str,
        log: SentLog | None,
        publish: Callable[[Outgoing], Awaitable[int]],
        set_aside: SetAside,
    ) -> None:
        self.resend: Callable[[], Awaitable[object]] | None = None
        self.newest = 0  # place of the last of our events that the stream took
        self._newest_id = ""
        self._made: str | None = None  # when the stream was made that has all of them
        self._link = link
        self._log = log
        self._publish = publish
        self._set_aside = set_aside
        self._count = TOLD_AGAIN.labels(service)
        self._telling: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        return self._telling is None or self._telling.done()

    def has_all_of(self, made: str) -> bool:
        """Whether it is known that the stream which was made then has all that was told."""
        return self._made == made

    def took(self, id: str, place: int) -> None:
        if place > self.newest:
            self._newest_id, self.newest = id, place

    async def begin(self) -> None:
        """Read, once, what there was before this process."""
        if self._log and self._made is None:
            self.took(*await self._log.newest())
            self._made = await self._log.stream()

    async def look(self) -> None:
        """Begin to tell again, beside all else, when the stream has lost something."""
        if not self._log or not self.idle:
            return
        stream = await self._link.api(f"STREAM.INFO.{self._link.names.stream}")
        made, kept_from = stream["created"], 1
        if self.has_all_of(made):  # what is older is no longer kept, and that is right; of another stream nothing is
            kept_from = max(stream["state"]["first_seq"], 1)
            if await self._is_there(self._newest_id, self.newest, kept_from):
                return
        self._telling = asyncio.create_task(self._tell(self._log, made, kept_from))

    async def stop(self) -> None:
        if self._telling:
            await ended([self._telling])

    async def _is_there(self, id: str, place: int, kept_from: int) -> bool:
        if place < kept_from:
            return True
        try:
            found = await self._link.js.get_msg(self._link.names.stream, seq=place)
        except NotFoundError:
            return False
        return (found.headers or {}).get(MESSAGE_ID) == id

    async def _tell(self, log: SentLog, made: str, kept_from: int) -> None:
        try:
            told = await self._tell_all(log, kept_from)
            await log.set_stream(made)
            self._newest_id, self.newest = await log.newest()
            self._made = made
        except Exception as error:  # the bus or the store is away: the next look begins again
            logger.warning("what the bus has lost is told later: %s %s", type(error).__name__, error)
            return
        if told:
            logger.warning("the bus had lost %d of the events that were told: they are told again", told)

    async def _tell_all(self, log: SentLog, kept_from: int) -> int:
        """Everything in the log that is not in its place in the stream, in its order; returns how many those were."""
        await log.set_stream("")  # whoever looks or starts before this has come to its end begins again
        self._made = ""
        if self.resend:
            await self.resend()
        told, part = 0, []
        async for one in log.places():
            part.append(one)
            if len(part) == AT_ONCE:
                told += await self._tell_part(log, part, kept_from)
                part = []
        return told + await self._tell_part(log, part, kept_from)

    async def _tell_part(self, log: SentLog, part: Sequence[tuple[str, int]], kept_from: int) -> int:
        there = await asyncio.gather(*(self._is_there(id, place, kept_from) for id, place in part))
        lost = [id for (id, _), is_there in zip(part, there, strict=True) if not is_there]
        if not lost:
            return 0
        events = await log.load(lost)
        places = await asyncio.gather(*map(self._publish_again, events))
        await log.move({one.id: place for one, place in zip(events, places, strict=True) if place})
        self._count.inc(len(events))
        await asyncio.sleep(PAUSE)
        return len(events)

    async def _publish_again(self, one: Outgoing) -> int:
        """0 when the bus does not take any more what it once took."""
        try:
            return await self._publish(one)
        except Refused as error:
            await self._set_aside(one, error)
            return 0

"""Publishes again what the stream has lost: its storage was lost, or restored to an earlier state, while the services
kept their databases. Whether that happened is seen by when the stream was created, and by whether the last of our
events that it acknowledged still has its sequence."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from nats.js.errors import NotFoundError

from shared.bus.link import Link
from shared.bus.names import MESSAGE_ID
from shared.outbox import DeadLetterUnsent, Outgoing, Refused, Sent
from shared.tasks import cancel_all
from shared.telemetry import RESENT

logger = logging.getLogger(__name__)
AT_ONCE = 50  # events in memory, each of up to a megabyte
PAUSE = 0.1  # seconds after so many, so that new events do not wait behind those of a whole day


class SentLog(Protocol):
    """What a service keeps of what it published: every event with its sequence in the stream. Raises whatever the
    database raises when it is away."""

    async def ensure_indexes(self) -> None: ...

    async def remove_expired(self) -> int:
        """How many were older than any loss of the bus that it is kept for."""

    async def add(self, sent: Sequence[Sent]) -> None:
        """In one statement. Adding an event twice is adding it once."""

    async def move(self, sequences: Mapping[str, int]) -> None:
        """These events have other sequences now."""

    def sequences(self) -> AsyncIterator[tuple[str, int]]:
        """Id and sequence of all, in the order of their sequences."""

    async def load(self, ids: Sequence[str]) -> list[Outgoing]:
        """In the order of their sequences."""

    async def newest(self) -> tuple[str, int]:
        """Id and sequence of the last in the stream; nothing and 0 when there is none."""

    async def stream_created(self) -> str:
        """When the stream was created that has all of them; empty when that is not known."""

    async def set_stream_created(self, created: str) -> None: ...


class Resender:
    """Without a log nothing is published again. `resend_unlogged` does so with what is sent and not in the log yet."""

    def __init__(
        self,
        link: Link,
        service: str,
        log: SentLog | None,
        publish: Callable[[Outgoing], Awaitable[int]],
        dead_letter_unsent: DeadLetterUnsent,
    ) -> None:
        self.resend_unlogged: Callable[[], Awaitable[object]] | None = None
        self.newest = 0  # sequence of the last of our events that the stream acknowledged
        self._newest_id = ""
        self._created: str | None = None  # when the stream was created that has all of them
        self._link = link
        self._log = log
        self._publish = publish
        self._set_aside = dead_letter_unsent
        self._count = RESENT.labels(service)
        self._resending: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        return self._resending is None or self._resending.done()

    def is_complete(self, created: str) -> bool:
        """Whether it is known that the stream which was created then has all that was published."""
        return self._created == created

    def acknowledged(self, id: str, sequence: int) -> None:
        if sequence > self.newest:
            self._newest_id, self.newest = id, sequence

    async def load(self) -> None:
        """Read, once, what there was before this process."""
        if self._log and self._created is None:
            self.acknowledged(*await self._log.newest())
            self._created = await self._log.stream_created()

    async def check(self) -> None:
        """Begin to publish again, in the background, when the stream has lost something."""
        if not self._log or not self.idle:
            return
        stream = await self._link.api(f"STREAM.INFO.{self._link.names.stream}")
        created, kept_from = stream["created"], 1
        if self.is_complete(
            created
        ):  # what is older is no longer kept, and that is right; of another stream nothing is
            kept_from = max(stream["state"]["first_seq"], 1)
            if await self._is_there(self._newest_id, self.newest, kept_from):
                return
        self._resending = asyncio.create_task(self._resend(self._log, created, kept_from))

    async def stop(self) -> None:
        if self._resending:
            await cancel_all([self._resending])

    async def _is_there(self, id: str, sequence: int, kept_from: int) -> bool:
        if sequence < kept_from:
            return True
        try:
            found = await self._link.js.get_msg(self._link.names.stream, seq=sequence)
        except NotFoundError:
            return False
        return (found.headers or {}).get(MESSAGE_ID) == id

    async def _resend(self, log: SentLog, created: str, kept_from: int) -> None:
        try:
            count = await self._resend_all(log, kept_from)
            await log.set_stream_created(created)
            self._newest_id, self.newest = await log.newest()
            self._created = created
        except Exception as error:  # the bus or the store is away: the next check begins again
            logger.warning("what the bus has lost is published again later: %s %s", type(error).__name__, error)
            return
        if count:
            logger.warning("the bus had lost %d events: they are published again", count)

    async def _resend_all(self, log: SentLog, kept_from: int) -> int:
        """Everything in the log that the stream does not have under its sequence, in order; returns how many those
        were."""
        await log.set_stream_created("")  # whoever checks or starts before this has ended begins again
        self._created = ""
        if self.resend_unlogged:
            await self.resend_unlogged()
        count, part = 0, []
        async for one in log.sequences():
            part.append(one)
            if len(part) == AT_ONCE:
                count += await self._resend_part(log, part, kept_from)
                part = []
        return count + await self._resend_part(log, part, kept_from)

    async def _resend_part(self, log: SentLog, part: Sequence[tuple[str, int]], kept_from: int) -> int:
        there = await asyncio.gather(*(self._is_there(id, sequence, kept_from) for id, sequence in part))
        lost = [id for (id, _), is_there in zip(part, there, strict=True) if not is_there]
        if not lost:
            return 0
        events = await log.load(lost)
        sequences = await asyncio.gather(*map(self._publish_again, events))
        await log.move({one.id: sequence for one, sequence in zip(events, sequences, strict=True) if sequence})
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

"""Reading along by oneself: so many events at a time as are asked for, from any place in the stream."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats.errors
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.bus.following import kept
from shared.bus.link import Link
from shared.bus.names import TARGET_SERVICE, OffsetExpired
from shared.events import Event, Malformed, UnknownType

FORGOTTEN_AFTER = 180.0  # seconds, the consumer of a reader that died


class Pull:
    """A place in the stream. `position` is the sequence up to which all was read."""

    def __init__(self, link: Link, feed: JetStreamContext.PullSubscription, position: int) -> None:
        self.position = position
        self._link = link
        self._feed = feed

    async def next(self, kinds: frozenset[type[Event]], most: int, wait: float) -> list[tuple[int, Event]]:
        """What comes next of these kinds among `most` events, with their sequences; nothing after so many seconds
        without an event."""
        names = self._link.names
        subjects = {names.subject(kind) for kind in kinds}
        try:
            messages = await self._feed.fetch(most, timeout=wait)
        except (nats.errors.TimeoutError, TimeoutError):
            return []
        found = []
        for raw in messages:
            self.position = raw.metadata.sequence.stream
            if raw.subject in subjects and TARGET_SERVICE not in (raw.headers or {}):
                with contextlib.suppress(Malformed, UnknownType):
                    found.append((self.position, Event.from_wire(raw.data)))
        return found


@asynccontextmanager
async def pulling(link: Link, after: int) -> AsyncIterator[Pull]:
    """Raises OffsetExpired when what follows `after` is no longer kept, or was of another stream."""
    first, last = await kept(link)
    if after + 1 < first or after > last:
        raise OffsetExpired
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=after + 1,
        ack_policy=AckPolicy.NONE,
        mem_storage=True,
        num_replicas=1,
        inactive_threshold=FORGOTTEN_AFTER,
    )
    feed = await link.js.pull_subscribe(link.names.events, stream=link.names.stream, config=config)
    try:
        yield Pull(link, feed, after)
    finally:
        with contextlib.suppress(nats.errors.Error, TimeoutError):
            await feed.unsubscribe()
            await link.js.delete_consumer(link.names.stream, config.name or "")


async def event_at(link: Link, sequence: int) -> Event | None:
    """The event with this sequence; None where it is no longer kept, or is not understood here."""
    try:
        raw = await link.js.get_msg(link.names.stream, sequence)
        return Event.from_wire(raw.data or b"")
    except (NotFoundError, Malformed, UnknownType):
        return None

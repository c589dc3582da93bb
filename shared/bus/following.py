"""Reading along: every event of the stream in its order, for those who show it and do not handle it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import TypeVar

import nats.errors
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.bus.link import Link
from shared.bus.names import TARGET_SERVICE, OffsetExpired
from shared.domain import Unavailable
from shared.events import Event, Malformed, UnknownType

E = TypeVar("E", bound=Event)
FARTHER = 4
AT_ONCE = 100  # messages of one request
FORGOTTEN_AFTER = 10.0  # seconds, a consumer whose reader died


async def newest(link: Link) -> int:
    """The stream sequence of the last event. Raises Unavailable."""
    try:
        return (await link.js.stream_info(link.names.stream)).state.last_seq
    except (nats.errors.Error, TimeoutError) as error:
        raise Unavailable("The message bus is not responding", "消息总线无响应") from error


async def kept(link: Link) -> tuple[int, int]:
    """The stream sequences of the oldest and the newest event that are kept."""
    state = (await link.js.stream_info(link.names.stream)).state
    return state.first_seq, state.last_seq


async def follow(link: Link, after: int | None, idle_timeout: float) -> AsyncGenerator[tuple[int, Event] | None, None]:
    """Every event that is known here, with its stream sequence, from behind `after` or from now on; None after so many
    seconds without one. Raises OffsetExpired when what follows `after` is no longer kept, or was of another stream."""
    stream = await link.js.stream_info(link.names.stream)
    state = stream.state
    if after is not None and (after + 1 < state.first_seq or after > state.last_seq):
        raise OffsetExpired
    start = (state.last_seq if after is None else after) + 1
    feed = await link.js.subscribe(
        link.names.events,
        stream=link.names.stream,
        ordered_consumer=True,
        config=ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=start),
    )
    try:
        while True:
            try:
                raw = await feed.next_msg(timeout=idle_timeout)
            except (nats.errors.TimeoutError, TimeoutError):
                if (await link.js.stream_info(link.names.stream)).created != stream.created:
                    raise OffsetExpired from None
                yield None
                continue
            if TARGET_SERVICE in (raw.headers or {}):
                continue
            try:
                yield raw.metadata.sequence.stream, Event.from_wire(raw.data)
            except (Malformed, UnknownType):
                continue  # whoever handles it has deferred or dead-lettered it
    finally:
        with contextlib.suppress(nats.errors.Error):  # the connection is gone, and the feed with it
            await feed.unsubscribe()


async def latest(link: Link, kind: type[E], count: int, within: float) -> list[E]:
    """The newest events of this kind, `count` of them or some more, oldest first; all where there are fewer. Raises
    Unavailable when they are not read within so many seconds."""
    try:
        async with asyncio.timeout(within):
            return await _latest(link, kind, count)
    except (nats.errors.Error, TimeoutError) as error:
        raise Unavailable("The message bus is not responding", "消息总线无响应") from error


async def _latest(link: Link, kind: type[E], count: int) -> list[E]:
    """A stream is not read backwards: the sequence to begin is sought farther and farther back, until behind it are as
    many as wanted."""
    names, js = link.names, link.js
    first, _ = await kept(link)
    try:
        last = (await js.get_last_msg(names.stream, names.subject(kind))).seq or 0
    except NotFoundError:
        return []
    reach = count
    while True:
        start = max(first, last + 1 - reach, 1)
        consumer = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=start,
            ack_policy=AckPolicy.NONE,
            mem_storage=True,
            num_replicas=1,
            inactive_threshold=FORGOTTEN_AFTER,
        )
        feed = await js.pull_subscribe(names.subject(kind), stream=names.stream, config=consumer)
        try:
            if start <= max(first, 1) or ((await feed.consumer_info()).num_pending or 0) >= count:
                return await _read(feed, kind, last)
        finally:
            with contextlib.suppress(nats.errors.Error):
                await feed.unsubscribe()
                await js.delete_consumer(names.stream, consumer.name or "")
        reach *= FARTHER


async def _read(feed: JetStreamContext.PullSubscription, kind: type[E], last: int) -> list[E]:
    found: list[E] = []
    sequence = 0
    while sequence < last:
        for raw in await feed.fetch(AT_ONCE):
            sequence = raw.metadata.sequence.stream
            with contextlib.suppress(Malformed, UnknownType):
                event = Event.from_wire(raw.data)
                if isinstance(event, kind):
                    found.append(event)
    return found

"""Reading along: every event of the stream in its order, for those who show it and do not handle it."""

import contextlib
from collections.abc import AsyncGenerator

import nats.errors
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.bus.link import Link
from shared.bus.names import ONLY, Gone
from shared.domain import Unavailable
from shared.events import Event, Malformed, UnknownType

SILENCE = 15.0  # seconds


async def newest(link: Link) -> int:
    """The stream sequence of the last event. Raises Unavailable."""
    try:
        return (await link.js.stream_info(link.names.stream)).state.last_seq
    except (nats.errors.Error, TimeoutError) as error:
        raise Unavailable("the bus does not answer", "消息总线无应答") from error


async def kept(link: Link) -> tuple[int, int]:
    """The stream sequences of the oldest and the newest event that are kept."""
    state = (await link.js.stream_info(link.names.stream)).state
    return state.first_seq, state.last_seq


async def is_listened_to(link: Link) -> bool:
    try:
        info = await link.js.consumer_info(link.names.stream, link.names.service)
    except NotFoundError:
        return False
    return bool(info.num_waiting or info.num_ack_pending)


async def follow(link: Link, after: int | None) -> AsyncGenerator[tuple[int, Event] | None, None]:
    """Every event that is known here, with its stream sequence, from behind `after` or from now on; None every 15 s of
    silence. Raises Gone when what follows `after` is no longer kept, or another stream has taken the place of this."""
    stream = await link.js.stream_info(link.names.stream)
    state = stream.state
    if after is not None and (after + 1 < state.first_seq or after > state.last_seq):
        raise Gone
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
                raw = await feed.next_msg(timeout=SILENCE)
            except (nats.errors.TimeoutError, TimeoutError):
                if (await link.js.stream_info(link.names.stream)).created != stream.created:
                    raise Gone from None
                yield None
                continue
            if ONLY in (raw.headers or {}):
                continue
            try:
                yield raw.metadata.sequence.stream, Event.from_wire(raw.data)
            except (Malformed, UnknownType):
                continue  # whoever handles it has parked or kept it
    finally:
        with contextlib.suppress(nats.errors.Error):  # the connection is gone, and the feed with it
            await feed.unsubscribe()

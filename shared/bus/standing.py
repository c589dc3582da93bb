"""Where a service stands on the stream of events, while none of its replicas runs."""

import asyncio
import contextlib
import time
from collections.abc import Collection
from dataclasses import dataclass

import nats.errors
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, ConsumerInfo, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.bus.link import Link
from shared.bus.names import TARGET_SERVICE
from shared.bus.setup import covers, filters_of
from shared.events import Event, Malformed, UnknownType

ASKED_FOR = 1.0  # seconds
READ_WITHIN = 10.0
PAUSE = 0.25


class Busy(Exception):
    """A replica of the service runs: it asks for events, or works on some that nobody else is given."""


@dataclass(frozen=True)
class Standing:
    """`finished` is the sequence up to which everything is done, `delivered` that up to which all was given out, and
    `handed_back` are those in between that were given out, were not finished, and that nobody works on any more.
    `subjects` are what the service hears; none is all."""

    finished: int
    delivered: int
    handed_back: Collection[int]
    subjects: Collection[str]

    def is_to_come(self, sequence: int, subject: str) -> bool:
        """Whether the service is given this one when it runs again."""
        if self.subjects and not any(covers(pattern, subject) for pattern in self.subjects):
            return False
        return sequence > self.delivered or sequence in self.handed_back


async def standing(link: Link, service: str) -> Standing | None:
    """None where it has no place on the bus. What was given out and not finished is asked for, as a replica does: whom
    another works for is not given to us, everything else is by the end of its time, and is handed back at once. Raises
    Busy."""
    stream = link.names.stream
    try:
        info = await link.js.consumer_info(stream, service)
    except NotFoundError:
        return None
    given_out = info.delivered.stream_seq if info.delivered else 0
    feed = await link.js.pull_subscribe_bind(service, stream)
    try:
        back = await _handed_back(feed, info, given_out)
    finally:
        with contextlib.suppress(nats.errors.Error):
            await feed.unsubscribe()
    filters = filters_of({"filter_subject": info.config.filter_subject, "filter_subjects": info.config.filter_subjects})
    return Standing(info.ack_floor.stream_seq if info.ack_floor else 0, given_out, back, filters)


async def replays_to_come(link: Link, place: Standing) -> frozenset[str]:
    """Ids of dead letters that were given to our service again, and that it is still to hear."""
    found: set[str] = set()
    state = (await link.js.stream_info(link.names.stream)).state
    if state.last_seq <= place.finished:
        return frozenset()
    start = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=place.finished + 1)
    feed = await link.js.subscribe(link.names.events, stream=link.names.stream, ordered_consumer=True, config=start)
    try:
        sequence = 0
        while sequence < state.last_seq:
            raw = await feed.next_msg(timeout=READ_WITHIN)
            sequence = raw.metadata.sequence.stream
            ours = (raw.headers or {}).get(TARGET_SERVICE) == link.names.service
            if ours and place.is_to_come(sequence, raw.subject):
                with contextlib.suppress(Malformed, UnknownType):
                    found.add(Event.from_wire(raw.data).id)
    finally:
        with contextlib.suppress(nats.errors.Error):
            await feed.unsubscribe()
    return frozenset(found)


async def _handed_back(feed: JetStreamContext.PullSubscription, info: ConsumerInfo, given_out: int) -> frozenset[int]:
    found: set[int] = set()
    wanted = info.num_ack_pending or 0
    until = time.monotonic() + 2 * (info.config.ack_wait or 0) + ASKED_FOR
    while True:
        if info.num_waiting or time.monotonic() > until:
            raise Busy
        if len(found) >= wanted:
            return frozenset(found)
        with contextlib.suppress(nats.errors.TimeoutError, TimeoutError):
            for raw in await feed.fetch(max(info.num_ack_pending or 0, 1), timeout=ASKED_FOR):
                if raw.metadata.sequence.stream <= given_out:
                    found.add(raw.metadata.sequence.stream)
                await raw.nak()
        await asyncio.sleep(PAUSE)
        info = await feed.consumer_info()

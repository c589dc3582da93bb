"""Builds again what a service keeps of others' facts, from the events that the stream still has.

The service is wired as `silent`: no event leaves, no timer runs, no mail goes out, and `now` is the time of the events
at hand. It receives what it received before, and, where its `wire` says so, its own events for what it decided itself.
What is in no event cannot be built again: docs/backup.md lists it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.bus import Bus
from shared.bus.standing import Standing, replays_to_come, standing
from shared.deferred import DeferredEvents
from shared.domain import NotFound, TooEarly, Unavailable
from shared.events import Event
from shared.service import Runtime

logger = logging.getLogger(__name__)
DEAD_AT_ONCE = 256  # dead letters that are read together
AT_ONCE = 256  # events that are looked at together; those of one subject one after the other
FARTHEST = timedelta(days=400)  # longer is no desk without a word
ROUNDS = 10  # in which events that need others first are tried again


@dataclass
class Rebuilt:
    """What came of it: events read and handled, how many documents each collection has now, what could not be used, and
    how many were not heard here: because the service hears them itself when it runs, or because they are dead letters.
    """

    read: int = 0
    handled: int = 0
    documents: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    to_come: int = 0
    dead: int = 0


@dataclass(frozen=True)
class Unheard:
    """What a service has not handled. What that leads to is told when the service handles it, and to nobody when it is
    heard here; so it is left alone, whether it is still to come (in the stream, or put off in the service's database)
    or a dead letter. Its own events are heard in any case, being what it has decided already. Without a `place` on the
    bus nothing is to come."""

    place: Standing | None = None
    deferred: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()

    @classmethod
    async def of(cls, runtime: Runtime) -> "Unheard":
        """The bus of `runtime` must be connected. Raises Busy while the service runs."""
        bus = runtime.bus
        place = await standing(bus.link, runtime.name)
        if place is None:
            return cls()
        waiting = await DeferredEvents(runtime.database).ids() | await replays_to_come(bus.link, place)
        dead: set[str] = set()
        after = 0
        while letters := await bus.dead_letters(after, DEAD_AT_ONCE):
            dead.update(one.event_id for one in letters)
            after = letters[-1].sequence
        return cls(place, waiting, frozenset(dead))

    def is_to_come(self, sequence: int, subject: str, id: str) -> bool:
        return id in self.deferred or (self.place is not None and self.place.is_to_come(sequence, subject))


NOTHING = Unheard()


async def rebuild(runtime: Runtime, clock: "Clock", unheard: Unheard = NOTHING) -> Rebuilt:
    """Drop the projections of a service that is wired as `silent` and runs nowhere, and fill them again. Its bus must
    be connected, and `clock.now` be what it takes the time from. Raises RuntimeError, before anything is dropped, while
    the outbox of one still has events."""
    done = Rebuilt()
    projections = [store for store in runtime.stores if store.projection]
    if sum([await store.unsent() for store in projections]):
        raise RuntimeError(
            f"{runtime.name} has events that it did not send yet: start it once more so that it publishes them · "
            f"{runtime.name} 还有未发出的事件，请先再启动一次，待其发出"
        )
    for store in projections:
        await store.drop()
    for store in runtime.stores:
        await store.ensure_indexes()
    for job in runtime.starts:
        await job()
    oldest, newest = await runtime.bus.kept()
    await _hear_all(runtime, clock, _chunks(runtime.bus, oldest, newest, unheard, done), done)
    for store in projections:
        done.documents[store.name] = await store.count({})
    for job in runtime.stops:
        await job()
    return done


async def hear_range(runtime: Runtime, clock: "Clock", after: int, until: int, unheard: Unheard = NOTHING) -> Rebuilt:
    """Let a service that is wired as `silent` and runs nowhere hear what lies behind `after`, up to `until`; nothing is
    dropped before."""
    done = Rebuilt()
    for job in runtime.starts:
        await job()
    await _hear_all(runtime, clock, _chunks(runtime.bus, after + 1, until, unheard, done), done)
    for job in runtime.stops:
        await job()
    return done


async def _hear_all(runtime: Runtime, clock: "Clock", chunks: AsyncGenerator[list[Event], None], done: Rebuilt) -> None:
    waiting: list[Event] = []
    async with aclosing(chunks) as found:
        async for chunk in found:
            done.read += len(chunk)
            waiting += await _hear(runtime, clock, chunk, done)
    for _ in range(ROUNDS):
        before, waiting = len(waiting), await _hear(runtime, clock, waiting, done)
        if not waiting or len(waiting) == before:
            break
    done.left = [f"{one.kind} of {one.subject}" for one in waiting]


@dataclass
class Clock:
    """The time of the events at hand."""

    time: datetime
    begun: bool = False

    def now(self) -> datetime:
        return self.time

    def advance(self, time: datetime) -> None:
        """It goes on with the events, but not for one that is dated far in the future."""
        if not self.begun or time - self.time < FARTHEST:
            self.time, self.begun = max(self.time, time), True


async def _chunks(
    bus: Bus, oldest: int, newest: int, unheard: Unheard, done: Rebuilt
) -> AsyncGenerator[list[Event], None]:
    """Everything from one sequence to another that was handled, in the order of the stream."""
    chunk: list[Event] = []
    if newest < oldest:
        return
    async with aclosing(bus.follow(oldest - 1)) as events:
        async for found in events:
            if found and found[0] <= newest:
                sequence, event = found
                if event.maker() == bus.names.service:
                    chunk.append(event)
                elif unheard.is_to_come(sequence, bus.names.subject(type(event)), event.id):
                    done.to_come += 1
                elif event.id in unheard.dead:
                    done.dead += 1
                else:
                    chunk.append(event)
            end = found is None or found[0] >= newest
            if chunk and (end or len(chunk) >= AT_ONCE):
                yield chunk
                chunk = []
            if end:
                return


async def _hear(runtime: Runtime, clock: Clock, chunk: list[Event], done: Rebuilt) -> list[Event]:
    """Let the service handle these; returns what came too early."""
    by_subject: dict[str, list[Event]] = {}
    for event in chunk:
        by_subject.setdefault(event.subject, []).append(event)
        clock.advance(event.time)
    early = await asyncio.gather(*(_hear_subject(runtime, events, done) for events in by_subject.values()))
    return [event for events in early for event in events]


async def _hear_subject(runtime: Runtime, events: list[Event], done: Rebuilt) -> list[Event]:
    early: list[Event] = []
    for event in events:
        own = event.maker() == runtime.name
        handle = runtime.bus.handlers.get(type(event))
        try:
            if handle:
                await handle(event)
        except (NotFound, TooEarly, Unavailable) as error:
            logger.info("%s of %s waits: %s", event.kind, event.subject, error)
            early.append(event)
            continue
        done.handled += handle is not None
        if own:  # so that what is published from now on is newer to everybody than what was published before
            for store in runtime.stores:
                await store.raise_version(event)
    return early

"""The one sender of a service: publishes what the stores wrote, in order for each aggregate, and forgets it once the
bus and the log of what was sent have it. The write wakes it; what a crash left behind is found again by a sweep over a
sparse index. Two replicas may send the same event, which the stream drops by its id, or readers after a long outage."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any, Protocol

from shared.events import Event
from shared.tasks import cancel_all
from shared.telemetry import UNSENT

logger = logging.getLogger(__name__)
LEFT_BEHIND = timedelta(seconds=10)
SWEEP_EVERY, IDLE_TURNS = 5.0, 6  # seconds; while nothing is left behind only every sixth turn looks
CLEAR_AFTER = 3.0  # seconds: a document that changes again soon is cleared once
LOG_AT = 200  # sent events in one statement
CLEAR_AT = 20  # outboxes in one statement: whoever writes meanwhile may have to wait for its end
UNCLEARED = 500  # outboxes that are sent and not cleared yet, before who writes many at once clears them first
IN_MEMORY = 10_000  # aggregates with events to send
PAGE = 1000  # of what was left behind
AT_ONCE = 256  # aggregates whose events are sent at the same time
LOOK_EVERY = 0.1  # seconds, whether a bus that took nothing takes something again
SHORTEST, LONGEST = 0.1, 5.0  # seconds until what failed is sent again


class Refused(Exception):
    """The bus will never take this: too large, or not allowed."""


@dataclass(frozen=True)
class Outgoing:
    """An event ready for the wire."""

    id: str
    kind: str
    version: int
    subject: str
    traceparent: str
    body: bytes

    @classmethod
    def of(cls, event: Event) -> "Outgoing":
        return cls(event.id, event.kind, event.schema_version, event.subject, event.traceparent, event.to_wire())

    @classmethod
    def load(cls, doc: Mapping[str, Any]) -> "Outgoing":
        version = doc.get("version", 1)
        return cls(doc["id"], doc["kind"], version, doc["subject"], doc["traceparent"], bytes(doc["body"]))

    def dump(self) -> dict[str, Any]:
        return dict(vars(self))


Sent = tuple[Outgoing, int]  # an event, and its sequence in the stream


class Outbox(Protocol):
    """What the sender needs of a store."""

    async def left_over(self, before: datetime, after: str, limit: int) -> list[tuple[str, str, list[Outgoing]]]:
        """(aggregate, write, events) of what was written before that moment and behind that write, oldest first."""

    async def clear_sent(self, writes: Sequence[str]) -> None: ...


Publish = Callable[[Outgoing], Awaitable[int]]
Log = Callable[[Sequence[Sent]], Awaitable[None]]
DeadLetterUnsent = Callable[[Outgoing, Exception], Awaitable[None]]
Key = tuple[Outbox, str]  # an aggregate: its store and its id
Write = tuple[str, list[Outgoing]]  # one write of it, and its events


class Sender:
    """`publish` gives an event's sequence in the stream, and raises Refused for what the bus will never take;
    `dead_letter_unsent` keeps that where people see it. While the bus takes nothing at all (`is_open` is False) nothing
    is tried. `log` keeps what the bus has, in case that the bus loses it."""

    def __init__(
        self,
        service: str,
        publish: Publish,
        now: Callable[[], datetime],
        dead_letter_unsent: DeadLetterUnsent | None = None,
        is_open: Callable[[], bool] = lambda: True,
        log: Log | None = None,
    ) -> None:
        self.service = service
        self._publish = publish
        self._set_aside = dead_letter_unsent
        self._is_open = is_open
        self._log = log
        self._now = now
        self._chains: dict[Key, deque[Write]] = {}  # what is not sent yet, in the order of each aggregate
        self._ready: deque[Key] = deque()
        self._delayed: dict[Key, asyncio.TimerHandle] = {}  # what failed waits, each for itself
        self._pauses: dict[Key, float] = {}
        self._woken = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._sending: set[asyncio.Task[None]] = set()
        self._sent: set[str] = set()  # published, but perhaps still in a document
        self._sent_order: deque[str] = deque()
        self._unlogged: dict[str, Sent] = {}  # they stay in their documents until the log has them
        self._to_clear: dict[Outbox, dict[str, str]] = {}
        self._outboxes: list[Outbox] = []
        self._has_left_behind = False  # what is found by a sweep only
        self._tasks: list[asyncio.Task[None]] = []
        self._gauge = UNSENT.labels(service)

    def watch(self, outbox: Outbox) -> None:
        self._outboxes.append(outbox)

    def wake(self, outbox: Outbox, id: str, write: str, outgoing: list[Outgoing]) -> None:
        """These were written just now. Past a bound the sweep finds them instead, so memory stays flat."""
        key = (outbox, id)
        if chain := self._chains.get(key):
            chain.append((write, outgoing))
        elif len(self._chains) < IN_MEMORY:
            self._chains[key] = deque([(write, outgoing)])
            self._ready.append(key)
            self._woken.set()

    def still_unsent(self, docs: Sequence[Mapping[str, Any]]) -> list[Outgoing]:
        return [Outgoing.load(doc) for doc in docs if doc["id"] not in self._sent or doc["id"] in self._unlogged]

    @property
    def idle(self) -> bool:
        return not self._chains

    async def start(self) -> None:
        """First take up what was left behind, however young it is: nothing of it is being sent here."""
        try:
            await self.sweep(self._now())
        except Exception as error:
            logger.warning("what was left behind is taken up later: %s", error)
        loops = (self._send_forever, self._clear_forever, self._sweep_forever)
        self._tasks = [asyncio.create_task(loop()) for loop in loops]

    async def stop(self) -> None:
        """Send and clear what is there, if the bus and the database allow it within two seconds."""
        for _ in range(200):
            if self.idle:
                break
            await asyncio.sleep(0.01)
        for handle in self._delayed.values():
            handle.cancel()
        await cancel_all([*self._tasks, *self._sending])
        try:
            await asyncio.wait_for(self.clear(), 2)
        except Exception as error:  # the sweep of the next start clears them
            logger.warning("outboxes were not cleared at the end: %s", error)

    # ---- sending

    async def _send_forever(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._ready:
                self._gauge.set(len(self._chains))
                if not self._is_open():
                    await asyncio.sleep(LOOK_EVERY)
                    continue
                await self._slots.acquire()
                task = asyncio.create_task(self._send_one(self._ready.popleft()))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
            self._gauge.set(len(self._chains))

    async def _send_one(self, key: Key) -> None:
        """All writes of one aggregate, one after the other; what fails holds up nobody else."""
        try:
            chain = self._chains[key]
            while chain:
                write, outgoing = chain[0]
                errors = await asyncio.gather(*(self._send(one) for one in outgoing))
                if failed := [error for error in errors if error]:
                    self._delay(key, failed[0])
                    return
                chain.popleft()
                if outgoing:
                    self._to_clear.setdefault(key[0], {})[key[1]] = write
            del self._chains[key]
            self._pauses.pop(key, None)
        finally:
            self._slots.release()

    def _delay(self, key: Key, error: Exception) -> None:
        if key not in self._pauses:
            logger.warning("events of %s wait in the outbox: %s %s", key[1], type(error).__name__, error)
        pause = self._pauses[key] = min(self._pauses.get(key, SHORTEST / 2) * 2, LONGEST)
        self._delayed[key] = asyncio.get_running_loop().call_later(pause, self._retry, key)

    def _retry(self, key: Key) -> None:
        self._delayed.pop(key).cancel()
        self._ready.append(key)
        self._woken.set()

    async def _send(self, one: Outgoing) -> Exception | None:
        """None when the bus has it, or people have. The events of one write go out in their order, their
        acknowledgements may not."""
        if one.id in self._sent:
            return None
        try:
            try:
                sequence = await self._publish(one)
                if self._log:
                    self._unlogged[one.id] = (one, sequence)
            except Refused as error:
                if not self._set_aside:
                    raise
                await self._set_aside(one, error)
        except Exception as error:  # the bus may be away in many ways; nothing is lost, it is in the document
            return error
        self._remember(one.id)
        return None

    def _remember(self, event: str) -> None:
        self._sent.add(event)
        self._sent_order.append(event)
        if len(self._sent_order) > 2 * IN_MEMORY:
            self._sent.discard(self._sent_order.popleft())

    async def send_unlogged(self) -> None:
        """Once more: the bus has lost something, and the log does not know these yet."""
        for one, _ in list(self._unlogged.values()):
            sequence = await self._publish(one)
            if one.id in self._unlogged:
                self._unlogged[one.id] = (one, sequence)

    # ---- clearing

    async def clear(self) -> None:
        """What is sent by now, once the log has it; what is sent meanwhile waits for the next turn."""
        sent = {outbox: list(writes.items()) for outbox, writes in self._to_clear.items()}
        await self._log_sent()
        for outbox, there in sent.items():
            writes = self._to_clear[outbox]
            while part := there[:CLEAR_AT]:
                del there[:CLEAR_AT]
                await outbox.clear_sent([write for _, write in part])
                for aggregate, write in part:
                    if writes.get(aggregate) == write:
                        del writes[aggregate]

    async def make_room(self) -> None:
        """Before many are written at once: what stays in its document for long is taken for left behind, and sent once
        more by another replica."""
        if sum(map(len, self._to_clear.values())) >= UNCLEARED:
            await self.clear()

    async def _log_sent(self) -> None:
        while part := list(islice(self._unlogged.values(), LOG_AT)):
            assert self._log
            await self._log(part)
            for sent in part:
                if self._unlogged.get(sent[0].id) is sent:
                    del self._unlogged[sent[0].id]

    async def _clear_forever(self) -> None:
        while True:
            await asyncio.sleep(CLEAR_AFTER)
            try:
                await self.clear()
            except Exception as error:  # the database is away: tried again at the next turn
                logger.warning("outboxes wait to be cleared: %s", error)

    # ---- what was left behind

    async def _sweep_forever(self) -> None:
        for turn in count(1):
            await asyncio.sleep(SWEEP_EVERY)
            is_due = self._has_left_behind or len(self._chains) >= IN_MEMORY or turn % IDLE_TURNS == 0
            try:
                if is_due and self._is_open():  # else what it finds would only wait here
                    await self.sweep(self._now() - LEFT_BEHIND)
            except Exception as error:
                logger.warning("the sweep will run again: %s", error)

    async def sweep(self, before: datetime) -> int:
        """Queue all that a crash left behind; returns how many events that were."""
        found, self._has_left_behind = 0, True  # until it is known that there is nothing
        for outbox in self._outboxes:
            last = ""
            while len(self._chains) < IN_MEMORY:
                page = await outbox.left_over(before, last, PAGE)
                for aggregate, write, outgoing in page:
                    if (outbox, aggregate) not in self._chains and aggregate not in self._to_clear.get(outbox, ()):
                        self.wake(outbox, aggregate, write, outgoing)
                        found += len(outgoing)
                if len(page) < PAGE:
                    break
                last = page[-1][1]
        self._has_left_behind = found > 0
        return found

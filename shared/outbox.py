"""The one sender of a service: publishes what the stores wrote, in order for each aggregate, and forgets it once the
bus has it. The write wakes it; what a crash left behind is found again by a sweep over a sparse index."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.events import Event
from shared.telemetry import UNSENT

logger = logging.getLogger(__name__)
LEFT_BEHIND = timedelta(seconds=10)
SWEEP_EVERY = 5.0
CLEAR_AFTER = 3.0  # seconds: a document that changes again soon is cleared once
CLEAR_AT = 20  # outboxes in one statement: whoever writes meanwhile may have to wait for its end
IN_MEMORY = 10_000


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
        return {
            "id": self.id,
            "kind": self.kind,
            "version": self.version,
            "subject": self.subject,
            "traceparent": self.traceparent,
            "body": self.body,
        }


class Outbox(Protocol):
    """What the sender needs of a store."""

    async def left_over(self, before: datetime) -> list[tuple[str, str, list[Outgoing]]]: ...

    async def clear_sent(self, writes: Sequence[str]) -> None: ...


Publish = Callable[[Outgoing], Awaitable[None]]
Waiting = tuple[Outbox, str, str, list[Outgoing]]  # store, aggregate, which write of it, its events


class Sender:
    def __init__(self, service: str, publish: Publish, now: Callable[[], datetime]) -> None:
        self.service = service
        self._publish = publish
        self._now = now
        self._waiting: deque[Waiting] = deque()
        self._woken = asyncio.Event()
        self._sent: set[str] = set()  # published, but perhaps still in a document
        self._sent_order: deque[str] = deque()
        self._to_clear: dict[Outbox, dict[str, str]] = {}
        self._outboxes: list[Outbox] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._gauge = UNSENT.labels(service)
        self._sending = False

    def watch(self, outbox: Outbox) -> None:
        self._outboxes.append(outbox)

    def wake(self, outbox: Outbox, id: str, write: str, outgoing: list[Outgoing]) -> None:
        """These were written just now. Past a bound the sweep finds them instead, so memory stays flat."""
        if len(self._waiting) < IN_MEMORY:
            self._waiting.append((outbox, id, write, outgoing))
        self._woken.set()

    def still_unsent(self, docs: Sequence[Mapping[str, Any]]) -> list[Outgoing]:
        return [Outgoing.load(doc) for doc in docs if doc["id"] not in self._sent]

    @property
    def idle(self) -> bool:
        return not self._waiting and not self._sending

    async def start(self) -> None:
        """First take up what was left behind, however young it is: nothing of it is being sent here."""
        await self.sweep(self._now())
        loops = (self._send_forever, self._clear_forever, self._sweep_forever)
        self._tasks = [asyncio.create_task(loop()) for loop in loops]

    async def stop(self) -> None:
        """Send and clear what is there, if the bus and the database allow it within two seconds."""
        self._woken.set()
        for _ in range(200):
            if self.idle:
                break
            await asyncio.sleep(0.01)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await asyncio.wait_for(self.clear(), 2)
        except Exception as error:  # the sweep of the next start clears them
            logger.warning("outboxes were not cleared at the end: %s", error)

    async def _send_forever(self) -> None:
        pause = 0.1
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._waiting:
                self._gauge.set(len(self._waiting))
                if await self._send_batch():
                    pause = 0.1
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5.0)
            self._gauge.set(0)

    async def _send_batch(self) -> bool:
        """One write after the other for each aggregate, all aggregates at once; what failed waits in front again."""
        batch: dict[tuple[int, str], list[Waiting]] = {}
        self._sending = True
        try:
            while self._waiting and len(batch) < 256:
                one = self._waiting.popleft()
                batch.setdefault((id(one[0]), one[1]), []).append(one)
            chains = [self._send_chain(chain) for chain in batch.values()]
            failed = [rest for rest in await asyncio.gather(*chains) if rest]
            for rest in failed:
                self._waiting.extendleft(reversed(rest))
            return not failed
        finally:
            self._sending = False

    async def _send_chain(self, chain: list[Waiting]) -> list[Waiting]:
        """What could not be sent of one aggregate's writes."""
        for index, (outbox, aggregate, write, outgoing) in enumerate(chain):
            if not all(await asyncio.gather(*(self._send(one) for one in outgoing))):
                return chain[index:]
            if outgoing:
                self._to_clear.setdefault(outbox, {})[aggregate] = write
        return []

    async def _send(self, one: Outgoing) -> bool:
        """True when the bus has it. The events of one write go out in their order, their acknowledgements may not."""
        if one.id in self._sent:
            return True
        try:
            await self._publish(one)
        except Exception as error:  # the bus may be away in many ways; nothing is lost, it is in the document
            logger.warning("%s waits in the outbox: %s %s", one.kind, type(error).__name__, error)
            return False
        self._remember(one.id)
        return True

    def _remember(self, event: str) -> None:
        self._sent.add(event)
        self._sent_order.append(event)
        if len(self._sent_order) > 2 * IN_MEMORY:
            self._sent.discard(self._sent_order.popleft())

    async def clear(self) -> None:
        """What is sent by now; what is sent meanwhile waits for the next turn."""
        for outbox, writes in list(self._to_clear.items()):
            there = list(writes.items())
            for start in range(0, len(there), CLEAR_AT):
                part = there[start : start + CLEAR_AT]
                await outbox.clear_sent([write for _, write in part])
                for aggregate, write in part:
                    if writes.get(aggregate) == write:
                        del writes[aggregate]

    async def _clear_forever(self) -> None:
        while True:
            await asyncio.sleep(CLEAR_AFTER)
            try:
                await self.clear()
            except Exception as error:  # the database is away: tried again at the next turn
                logger.warning("outboxes wait to be cleared: %s", error)

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            try:
                await self.sweep(self._now() - LEFT_BEHIND)
            except Exception as error:
                logger.warning("the sweep will run again: %s", error)

    async def sweep(self, before: datetime) -> int:
        """Queue what a crash left behind; returns how many events that were."""
        found = 0
        for outbox in self._outboxes:
            there = await outbox.left_over(before)
            known = {waiting[1] for waiting in self._waiting if waiting[0] is outbox} | set(
                self._to_clear.get(outbox, {})
            )
            for aggregate, write, outgoing in there:
                if aggregate not in known:
                    self.wake(outbox, aggregate, write, outgoing)
                    found += len(outgoing)
        return found

"""Events that wait in the service's own database: those that failed more than once or twice, in the order of their
ticket, and those whose type nobody here knows yet. They are retried by time, on whichever replica takes their lane."""

import asyncio
import logging
import random
import time
from collections.abc import Callable

from shared.bus.attempts import Attempts, PoisonEvent, Stopping, is_early
from shared.bus.dead_letters import DeadLetters
from shared.bus.deferred import Deferred, DeferredEvent, StoredLane
from shared.bus.delivery import Delivery
from shared.bus.link import wait_or_timeout
from shared.bus.marks import LEASE, LaneMark, LeaseLost
from shared.bus.names import MESSAGE_ID, TRACEPARENT, Limits, digest
from shared.domain import Unreadable
from shared.events import Event, Malformed, UnknownType
from shared.masking import error_line
from shared.telemetry import DEFERRED

logger = logging.getLogger(__name__)
BUSY = 5.0  # seconds between two checks while something waits: others may have put it there, or died with it
SHORTEST = 0.1
LANES_KNOWN = 10_000
LANES_AT_ONCE = 200
EVENTS_AT_ONCE = 100
ERROR_LENGTH = 800
UNKNOWN = "?"  # begins the lane of a type; no ticket begins so


class DeferredQueue:
    """`held` are the tickets whose events have to wait behind one that is kept here, as far as is known."""

    def __init__(
        self,
        service: str,
        deferred: Deferred,
        attempts: Attempts,
        dead_letters: DeadLetters,
        limits: Limits,
        is_handled: Callable[[str], bool],
    ) -> None:
        self.held: set[str] = set()
        self._store = deferred
        self._attempts = attempts
        self._dead_letters = dead_letters
        self._limits = limits
        self._is_handled = is_handled
        self._known: set[str] = set()  # lanes that are not empty, as far as we know
        self._noted: set[str] = set()  # since they were last read
        self._gauge = DEFERRED.labels(service)
        self._soon = 0.0
        self._woken = asyncio.Event()
        self._turns: dict[str, asyncio.Task[None]] = {}
        self._kept_leases: dict[str, float] = {}  # of lanes that could not be given back
        self._places = asyncio.Semaphore(max(1, limits.at_once // 4))

    @property
    def idle(self) -> bool:
        """Nothing waits here that could be handled one day without a newer version."""
        return not self._turns and all(self._is_unknown(lane) for lane in self._known)

    # ---- in

    @staticmethod
    def kept(lane: str, delivery: Delivery, id: str, tries: int) -> DeferredEvent:
        headers, now = delivery.headers, time.time()
        return DeferredEvent(
            id=id,
            lane=lane,
            sequence=delivery.sequence,
            subject=delivery.subject,
            body=delivery.body,
            traceparent=headers.get(TRACEPARENT, ""),
            message_id=headers.get(MESSAGE_ID, ""),
            kept_at=now,
            next_at=now,
            tries=tries,
        )

    async def put(self, lane: str, events: list[DeferredEvent], held: bool) -> None:
        await self._put(lane, events, min(event.next_at for event in events), held)

    async def put_unknown(self, type: str, delivery: Delivery) -> None:
        lane = f"{UNKNOWN}{type}"
        event = self.kept(lane, delivery, delivery.headers.get(MESSAGE_ID, ""), 0)
        await self._put(lane, [event], event.kept_at + self._limits.unknown_wait, held=False)

    async def _put(self, lane: str, events: list[DeferredEvent], due_at: float, held: bool) -> None:
        await self._store.put(lane, events, due_at, held)
        self._note(lane, due_at, held)

    def _note(self, lane: str, due_at: float | None, held: bool) -> None:
        self._noted.add(lane)
        if due_at is None:
            self._known.discard(lane)
        else:
            self._known.add(lane)
            if due_at < self._soon:
                self._soon = due_at
                self._woken.set()
        self._gauge.set(len(self._known))
        if held:
            self.held.add(lane)
        else:
            self.held.discard(lane)

    # ---- out

    async def prepare(self) -> None:
        """Before the first event: a database may not like to make an index beside its first insert."""
        await self._store.ensure_indexes()

    async def run(self) -> None:
        """Take lanes whose time has come, for ever."""
        looked = 0.0
        while True:
            now = time.time()
            pause = min(BUSY, self._limits.poll_every) if self._known else self._limits.poll_every
            self._soon = now + pause
            try:
                if now - looked >= pause:
                    await self._learn(now)
                    looked = now
                if self._known:
                    await self._take_due(now)
            except Exception as error:  # the store is away
                logger.warning("what waits is looked at again later: %s", error)
            await wait_or_timeout(self._woken, max(self._soon - time.time(), SHORTEST))

    async def _learn(self, now: float) -> None:
        self._noted.clear()
        lanes = await self._store.lanes(LANES_KNOWN)
        read = [lane for lane in lanes if lane.key not in self._noted]  # of the others we know more than was read
        self._known = self._known & self._noted | {lane.key for lane in read}
        self.held = self.held & self._noted | {lane.key for lane in read if lane.held}
        self._gauge.set(len(self._known))
        ours = [lane.key for lane in lanes if lane.due_at > now and lane.key.startswith(UNKNOWN)]
        if ours := [key for key in ours if not self._is_unknown(key)]:
            await self._store.wake(ours)  # somebody put there what he did not know, and we do

    async def _take_due(self, now: float) -> None:
        for lane in await self._store.due(now + BUSY, LANES_AT_ONCE):
            if time.time() > now + BUSY:  # meanwhile others may have put something there, or taken some of these
                self._soon = now
                return
            ours = self._kept_leases.pop(lane.key, None) == lane.lease
            if lane.key in self._turns or (lane.lease > now and not ours):
                continue
            if lane.due_at > now:
                self._soon = min(self._soon, lane.due_at)
                continue
            while self._attempts.crowded and self._turns:  # one at a time: what never failed goes first
                await asyncio.wait(self._turns.values(), return_when=asyncio.FIRST_COMPLETED)
            await self._places.acquire()
            until = time.time() + self._limits.handle_within + LEASE
            if self._attempts.stopping or not await self._store.claim(lane, until):
                self._places.release()
                continue
            self._turns[lane.key] = asyncio.create_task(self._turn(lane))
            self._soon = now  # there may be more

    async def stop(self) -> None:
        if self._turns:
            await asyncio.wait(self._turns.values(), timeout=self._limits.handle_within)

    # ---- one lane

    async def _turn(self, lane: StoredLane) -> None:
        try:
            await self._work_off(lane)
        except LeaseLost:
            logger.warning("%s took too long, somebody else goes on", lane.key)
        except Exception as error:  # the store or the bus is away: we go on, or who comes when the lease has run out
            logger.warning("%s waits in the store: %s %s", lane.key, type(error).__name__, error)
            self._kept_leases[lane.key] = lane.lease
        finally:
            del self._turns[lane.key]
            self._places.release()

    async def _work_off(self, lane: StoredLane) -> None:
        """Handle what is due, up to the first that fails; those behind it wait."""
        released = False
        while not released:
            if self._is_unknown(lane.key):
                until, held = await self._look_through(lane), False
            else:
                until, held = await self._in_order(lane)
            self._note(lane.key, until, held)
            released = await self._store.release(lane, until, held)

    async def _in_order(self, lane: StoredLane) -> tuple[float | None, bool]:
        """When to check again, if at all, and whether later events have to wait behind."""
        until: float | None = None
        while events := await self._store.events(lane.key, EVENTS_AT_ONCE):
            until = None
            for event in events:
                due = event.next_at <= time.time() and not self._attempts.stopping
                if due and await self._is_done(lane, event):
                    continue
                until = min(event.next_at, until or event.next_at)
                if not event.early:
                    return until, not lane.key.startswith(UNKNOWN)
            if until or len(events) < EVENTS_AT_ONCE:
                break
        return until, False

    async def _is_done(self, lane: StoredLane, kept: DeferredEvent) -> bool:
        """Whether it is handled, or a dead letter, and taken away. Raises LeaseLost."""
        try:
            event: Event | None = Event.from_wire(kept.body)
        except UnknownType:
            event = None
        except Malformed as error:
            return await self._dead_letter(kept, f"{error} ({digest(kept.body)})")
        if event is None or not self._is_handled(event.type()):
            kept.next_at = time.time() + BUSY  # a newer replica put it here, and will take it
            return False
        mark = LaneMark(self._store, lane, kept, self._limits.handle_within)
        failure = await self._attempts.once(event, kept.traceparent, kept.tries + 1, mark)
        if isinstance(failure, Stopping):
            return False
        if isinstance(failure, LeaseLost):
            raise failure
        if failure:
            return await self._failed(kept, failure)
        await self._store.remove(kept)
        return True

    async def _failed(self, kept: DeferredEvent, error: Exception) -> bool:
        waits = self._limits.waits
        kept.error = error_line(error)[:ERROR_LENGTH]
        if transient := self._attempts.is_transient_error(error):
            kept.early, wait = False, self._limits.transient_waits[-1]
        else:
            kept.early = is_early(error)
            kept.tries += 1
            tired = kept.tries > len(waits) and not self._waits_for_newer(kept, error)
            if tired or isinstance(error, PoisonEvent):
                return await self._dead_letter(kept, kept.error)
            wait = waits[min(kept.tries, len(waits)) - 1] * random.uniform(0.9, 1.1)  # noqa: S311 - spread, no secret
        kept.next_at = time.time() + wait
        level = logging.INFO if transient else logging.WARNING
        logger.log(level, "%s of %s waits %.1f s: %s", kept.subject, kept.lane, wait, kept.error)
        await self._store.change(kept)
        return False

    def _waits_for_newer(self, kept: DeferredEvent, error: Exception) -> bool:
        return isinstance(error, Unreadable) and time.time() - kept.kept_at < self._limits.unknown_for

    async def _dead_letter(self, kept: DeferredEvent, error: str) -> bool:
        about = (kept.subject, kept.body, kept.sequence, kept.message_id, kept.traceparent)
        await self._dead_letters.add(*about, error, kept.tries)
        await self._store.remove(kept)
        return True

    # ---- types that are not known here

    def _is_unknown(self, lane: str) -> bool:
        return lane.startswith(UNKNOWN) and not self._is_handled(lane.removeprefix(UNKNOWN))

    async def _look_through(self, lane: StoredLane) -> float | None:
        """Dead-letter what has waited for so long that no newer version will come for it."""
        now = time.time()
        for kept in await self._store.events(lane.key, EVENTS_AT_ONCE):
            if now - kept.kept_at < self._limits.unknown_for:
                return now + self._limits.unknown_wait
            await self._dead_letter(kept, f"nobody knows the type {lane.key.removeprefix(UNKNOWN)}")
        return now

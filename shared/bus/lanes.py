"""Events of one ticket one after the other, in the order of the stream, also through retries; different tickets at
the same time. What cannot be handled after a quick retry or two leaves with all that waits behind it, into the deferred
queue."""

import asyncio
import logging
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field

import nats.errors

from shared.bus.attempts import Attempts, PoisonEvent, Stopping, is_early, is_quiet
from shared.bus.batches import Batches
from shared.bus.dead_letters import DeadLetters
from shared.bus.deferred_queue import ERROR_LENGTH, DeferredQueue
from shared.bus.delivery import Delivery
from shared.bus.link import wait_or_timeout
from shared.bus.marks import SUSPECT_AFTER, AttemptMarks
from shared.bus.names import TRACEPARENT, Limits
from shared.events import Event
from shared.masking import error_line

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Entry:
    """`failures` are those that count, `transient` those because a server is away. One that is `early` lets others
    pass."""

    event: Event
    delivery: Delivery
    failures: int = 0
    transient: int = 0
    due: float = 0.0
    early: bool = False


@dataclass(eq=False, slots=True)
class Lane:
    subject: str
    entries: list[Entry] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def next(self, now: float) -> Entry | None:
        """The first whose turn it is; None while they have to wait."""
        for entry in self.entries:
            if entry.due <= now:
                return entry
            if not entry.early:
                return None
        return None

    def pause(self, now: float) -> float:
        """Seconds until it is somebody's turn."""
        dues = []
        for entry in self.entries:
            dues.append(entry.due)
            if not entry.early:
                break
        return max(min(dues) - now, 0)


class Lanes:
    def __init__(
        self,
        attempts: Attempts,
        batches: Batches,
        deferred: DeferredQueue | None,
        marks: AttemptMarks | None,
        dead_letters: DeadLetters,
        limits: Limits,
    ) -> None:
        self.on_room: Callable[[], object] = lambda: None
        self._attempts = attempts
        self._batches = batches
        self._deferred = deferred
        self._marks = marks
        self._dead_letters = dead_letters
        self._limits = limits
        self._held: dict[tuple[int, str], Entry] = {}  # by sequence and id
        self._lanes: dict[str, Lane] = {}
        self._waiting: set[Lane] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        return not self._held

    @property
    def deliveries(self) -> list[Delivery]:
        return [entry.delivery for entry in self._held.values()]

    @property
    def load(self) -> int:
        """Events that take up room in the window: those that wait for a retry do only when they are many."""
        return len(self._held) - min(self._retrying, self._limits.window)

    @property
    def _retrying(self) -> int:
        return sum(len(lane.entries) for lane in self._waiting)

    def take(self, event: Event, delivery: Delivery) -> None:
        """Handle it when its turn comes. One that is here already was redelivered because the server was not
        informed."""
        key = (delivery.sequence, event.id)
        if known := self._held.get(key):
            known.delivery = delivery
            return
        entry = self._held[key] = Entry(event, delivery)
        lane = self._lanes.get(event.subject)
        if lane:
            insort(lane.entries, entry, key=_sequence)
            lane.woken.set()
            return
        lane = self._lanes[event.subject] = Lane(event.subject, [entry])
        task = asyncio.create_task(self._run(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Hand back what has not begun, finish what has."""
        self._attempts.stopping = True
        for lane in self._lanes.values():
            lane.woken.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._limits.handle_within)

    # ---- one lane

    async def _run(self, lane: Lane) -> None:
        time = asyncio.get_running_loop().time
        while lane.entries:
            if self._attempts.stopping:
                await self._hand_back(lane)
                break
            entry = lane.next(time())
            if entry:
                try:
                    await self._turn(lane, entry)
                except Exception as error:  # the bus or the store: the event stays where it is
                    logger.warning("%s waits: %s %s", entry.event.kind, type(error).__name__, error)
                    entry.due = time() + self._limits.transient_waits[-1]
            else:
                self._waiting.add(lane)
                self.on_room()
                await wait_or_timeout(lane.woken, lane.pause(time()))
                self._waiting.discard(lane)
        del self._lanes[lane.subject]

    async def _turn(self, lane: Lane, entry: Entry) -> None:
        if entry.delivery.is_older_than(self._limits.ack_wait):
            self._leave(lane, entry)  # by now the server has given it to somebody, or will
        elif self._deferred and lane.subject in self._deferred.held:
            await self._put_off(lane, entry, held=True)
        else:
            delivery = entry.delivery
            parent = delivery.headers.get(TRACEPARENT, "")
            mark = self._marks.of(entry.event.id) if self._marks and delivery.times > SUSPECT_AFTER else None
            kind, in_batch = type(entry.event), self._batches.takes(entry.event, delivery)
            first = self._batches.first[kind] if in_batch else None
            error = await self._attempts.once(entry.event, parent, entry.failures + 1, mark, first)
            if error is None and in_batch:
                self._leave(lane, entry)
                self._batches.take(entry.event, entry.delivery)
            elif error is None:
                await self._done(lane, entry)
            elif isinstance(error, PoisonEvent):
                await self._dead_letter(lane, entry, error)
                if mark:
                    await mark.end()
            elif not isinstance(error, Stopping):
                await self._failed(lane, entry, error)

    async def _failed(self, lane: Lane, entry: Entry, error: Exception) -> None:
        crowded = self._retrying > self._limits.window // 2
        if self._attempts.is_transient_error(error):
            entry.transient += 1
            entry.early = False
            ours = self._attempts.is_store_error(error) or isinstance(error, nats.errors.Error)
            if self._deferred and not ours and (crowded or entry.transient > len(self._limits.transient_waits)):
                await self._put_off(lane, entry, held=True, error=error, wait=self._limits.transient_waits[-1])
                return
            waits, tries = self._limits.transient_waits, entry.transient
            logger.warning("%s waits, a server is away: %s", entry.event.kind, error)
        else:
            entry.failures += 1
            entry.early = is_early(error)
            waits, tries = self._limits.waits, entry.failures
            self._log_failure(entry, error)
            if self._deferred and (crowded or tries > self._limits.quick):
                await self._give_up_here(lane, entry, error)
                return
            if tries > len(waits):
                await self._dead_letter(lane, entry, error)
                return
        entry.due = asyncio.get_running_loop().time() + waits[min(tries, len(waits)) - 1]

    async def _give_up_here(self, lane: Lane, entry: Entry, error: Exception) -> None:
        waits = self._limits.waits
        if entry.failures > len(waits):
            return await self._dead_letter(lane, entry, error)
        try:
            await self._put_off(lane, entry, not entry.early, error, waits[entry.failures - 1])
        except Exception:
            entry.failures -= 1  # nobody knows of it: what the store cannot note makes no dead letter
            raise

    async def _put_off(
        self, lane: Lane, entry: Entry, held: bool, error: Exception | None = None, wait: float = 0.0
    ) -> None:
        """Give it, and what waits behind it unless it lets others pass, to those that wait in the store."""
        assert self._deferred
        entries = lane.entries[lane.entries.index(entry) :] if held else [entry]
        kept = [self._deferred.kept(lane.subject, one.delivery, one.event.id, one.failures) for one in entries]
        if error:
            kept[0].next_at += wait
            kept[0].error = error_line(error)[:ERROR_LENGTH]
            kept[0].early = entry.early
        await self._deferred.put(lane.subject, kept, held)
        for one in entries:
            await self._done(lane, one)

    async def _dead_letter(self, lane: Lane, entry: Entry, error: Exception) -> None:
        await self._dead_letters.add_delivery(entry.delivery, error_line(error), entry.failures)
        await self._done(lane, entry)

    async def _done(self, lane: Lane, entry: Entry) -> None:
        try:
            await entry.delivery.ack()
        except nats.errors.Error as error:
            # The server delivers it again, and the store knows that it was handled.
            logger.warning("%s will come again: %s", entry.event.kind, error)
        finally:
            self._leave(lane, entry)

    def _leave(self, lane: Lane, entry: Entry) -> None:
        lane.entries.remove(entry)
        del self._held[entry.delivery.sequence, entry.event.id]
        self.on_room()

    async def _hand_back(self, lane: Lane) -> None:
        for entry in list(lane.entries):
            try:
                await entry.delivery.nak()
            except nats.errors.Error as error:
                logger.warning("%s comes again when its time is over: %s", entry.event.kind, error)
            self._leave(lane, entry)

    def _log_failure(self, entry: Entry, error: Exception) -> None:
        about = {"fields": {"event": entry.event.id, "ticket.id": entry.event.subject}}
        if is_quiet(error, entry.failures):
            logger.info("%s comes too early: %s", entry.event.kind, error, extra=about)
        else:
            logger.error("%s failed, try %d", entry.event.kind, entry.failures, exc_info=error, extra=about)


def _sequence(entry: Entry) -> int:
    return entry.delivery.sequence

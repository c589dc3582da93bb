"""What a service sees of the bus."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar
from uuid import uuid4

import nats.errors
from nats.js.errors import NoStreamResponseError, NotFoundError, ServiceUnavailableError
from opentelemetry import propagate
from opentelemetry.trace import SpanKind
from pydantic import BaseModel

from shared.bus import following
from shared.bus.attempts import Attempts, BatchHandler, Handler
from shared.bus.batches import Batches
from shared.bus.dead_letters import DeadLetter, DeadLetters
from shared.bus.deferred import Deferred
from shared.bus.deferred_queue import DeferredQueue
from shared.bus.lanes import Lanes
from shared.bus.link import Link, wait_or_timeout
from shared.bus.marks import AttemptMarks
from shared.bus.names import MESSAGE_ID, Limits, Names
from shared.bus.notices import Notices
from shared.bus.receiver import Receiver
from shared.bus.resender import Resender, SentLog
from shared.bus.setup import Setup
from shared.bus.window import Window
from shared.events import CONTENT_TYPE, Event
from shared.outbox import Outgoing
from shared.tasks import cancel_all
from shared.telemetry import EVENT_ID, EVENT_TYPE, PUBLISHED, TICKET, span

logger = logging.getLogger(__name__)
E = TypeVar("E", bound=Event)
Q = TypeVar("Q", bound=BaseModel)
R = TypeVar("R", bound=BaseModel)
CHECK_EVERY = 5.0  # seconds between two checks whether connection, stream and consumer are still there
RETRY_AFTER = 1.0  # seconds until the next attempt to set them up
STREAM_FULL = 10077  # error code of a stream that has no room


def never(_: BaseException) -> bool:
    return False


class Bus:
    """One service's connection. `is_transient` says of an error that the service's own store is away, `deferred` is
    where that store keeps events that have to wait; without it they wait in memory. `sent` is where it keeps what was
    published; without it nothing is published again that the bus loses."""

    def __init__(
        self,
        url: str,
        service: str,
        prefix: str = "bihuan",
        is_transient: Callable[[BaseException], bool] = never,
        deferred: Deferred | None = None,
        limits: Limits | None = None,
        sent: SentLog | None = None,
    ) -> None:
        self.names = Names(prefix, service)
        self.limits = limits or Limits()
        self.handlers: dict[type[Event], Handler] = {}
        self.link = Link(url, self.names)
        self.notices = Notices(self.link)
        self.setup = Setup(self.link, self.limits)
        self.sent = sent
        self.resender = Resender(self.link, service, sent, self.publish, self.dead_letter_unsent)
        self._dead_letters = DeadLetters(self.link)
        self._attempts = Attempts(service, self.handlers, self.limits, is_transient)
        self._deferred: DeferredQueue | None = None
        marks: AttemptMarks | None = None
        if deferred is not None:
            self._deferred = DeferredQueue(
                service, deferred, self._attempts, self._dead_letters, self.limits, self._is_handled
            )
            marks = AttemptMarks(deferred)
        self._batches = Batches(self._attempts, self.limits)
        self._lanes = Lanes(self._attempts, self._batches, self._deferred, marks, self._dead_letters, self.limits)
        inbox = f"{self.names.inbox}.{uuid4().hex}"
        self._window = Window(self.link, inbox, self.limits.window, self._load)
        self._inbox = inbox
        self._receiver = Receiver(
            self.link,
            self.handlers,
            self._attempts,
            self._lanes,
            self._batches,
            self._deferred,
            self._dead_letters,
            self._window,
        )
        self._up = asyncio.Event()
        self._look = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_full = False
        self._shut_until = 0.0
        self._lanes.on_room = self._batches.on_room = self._window.wake
        self._window.on_consumer_lost = self.link.on_closed = self._look.set
        self.link.on_connected = self._window.request_again

    def _is_handled(self, type: str) -> bool:
        return any(event.type() == type for event in self.handlers)

    def _load(self) -> int:
        return self._lanes.load + self._batches.load

    # ---- what a service says when it is wired

    def on(self, event: type[E], handler: Callable[[E], Awaitable[object]]) -> None:
        handlers = self._batches.first if event in self._batches.kinds else self.handlers
        handlers[event] = handler

    def on_batch(self, kinds: Iterable[type[Event]], handler: BatchHandler) -> None:
        """Handle those many at once, in no order, and one that comes again for itself; after the handler that is said
        for them with `on` later, if there is one."""
        self._batches.on(kinds, handler)
        self.handlers |= dict.fromkeys(self._batches.kinds, self._batches.handle_alone)

    def answers(self, question: str, kind: type[Q], handler: Callable[[Q], Awaitable[BaseModel]]) -> None:
        """Answer requests on `<prefix>-ask.<question>`; replicas share them."""
        self.link.answers(question, kind, handler)

    # ---- life

    async def start(self) -> None:
        """Connect, set up streams and consumer, begin to listen. A bus that is not there soon is waited for meanwhile;
        until then nothing is published and nothing received."""
        if self.handlers:
            self.link.subscribe(self._inbox, self._receiver.receive)
        self._tasks.append(asyncio.create_task(self._keep()))
        try:
            async with asyncio.timeout(self.limits.start_within):
                await self._up.wait()
        except TimeoutError:
            logger.error("the bus is away; it is connected to when it is there")

    async def _keep(self) -> None:
        """Hold up connection, streams and consumer for as long as this process lives."""
        listening = False
        while True:
            pause = CHECK_EVERY
            try:
                if self.link.closed_for_good:
                    self._up.clear()
                await self.link.open()
                await self.resender.load()
                if not self._up.is_set() or not await self._is_set_up():
                    await self.setup.ensure(self.subjects, self.resender.newest)
                    self._window.request_again()
                    self._up.set()
                if self._is_full:
                    await self.setup.make_room()
                if self.handlers and not listening:
                    await self._listen()
                    listening = True
                await self.resender.check()
            except Exception as error:  # whatever it is, without the bus there is nothing else to do
                logger.warning("the bus is not set up: %s %s", type(error).__name__, error)
                pause = RETRY_AFTER
            await wait_or_timeout(self._look, pause)

    async def _is_set_up(self) -> bool:
        try:
            await self.setup.check(bool(self.handlers))
        except NotFoundError:
            return False
        return True

    async def _listen(self) -> None:
        jobs = [self._window.run, self._keep_deliveries]
        if self._deferred:
            await self._deferred.prepare()
            jobs.append(self._deferred.run)
        self._tasks += [asyncio.create_task(job()) for job in jobs]

    async def _keep_deliveries(self) -> None:
        """Tell the server, as long as we live, that what is held here is worked on."""
        pause = self.limits.ack_wait / 4
        while True:
            await asyncio.sleep(pause)
            for delivery in (*self._lanes.deliveries, *self._batches.deliveries):
                if delivery.is_older_than(pause):
                    try:
                        await delivery.working()
                    except nats.errors.Error:
                        break

    async def stop_receiving(self) -> None:
        """Take nothing new, hand back what has not begun, finish what has."""
        self._window.close()
        self._attempts.stopping = True
        await self.link.stop_receiving()
        await self._batches.stop()
        await self._lanes.stop()
        if self._deferred:
            await self._deferred.stop()

    async def stop(self) -> None:
        await cancel_all(self._tasks)
        await self.resender.stop()
        await self.link.close()

    # ---- health

    async def ready(self) -> bool:
        """True when the server answers, stream and consumer are there, and the stream takes what is published."""
        try:
            async with asyncio.timeout(1):
                return self._up.is_set() and await self._is_set_up() and not self._is_full
        except (nats.errors.Error, TimeoutError):
            return False

    @property
    def alive(self) -> bool:
        """False when the client was closed for good and no other has taken its place yet."""
        return not self.link.closed_for_good

    @property
    def subjects(self) -> list[str]:
        return [self.names.subject(event) for event in self.handlers]

    @property
    def idle(self) -> bool:
        return self._lanes.idle and self._batches.idle and (self._deferred is None or self._deferred.idle)

    # ---- out

    async def publish(self, one: Outgoing) -> int:
        """Publish and wait for the stream's acknowledgement, which says the event's sequence; a repeat of the same id
        is dropped by the stream. Raises Refused when the bus will never take it."""
        about = {TICKET: one.subject, EVENT_TYPE: one.kind, EVENT_ID: one.id}
        with span(f"publish {one.kind}", SpanKind.PRODUCER, one.traceparent, **about):
            headers = {MESSAGE_ID: one.id, "Content-Type": CONTENT_TYPE}
            propagate.inject(headers)
            try:
                subject = self.names.of(one.kind, one.version)
                sequence = await self.link.publish(self.names.stream, subject, one.body, headers)
            except (NoStreamResponseError, ServiceUnavailableError) as error:
                self._shut_until = time.monotonic() + RETRY_AFTER
                self._look.set()
                self._is_full = isinstance(error, ServiceUnavailableError) and error.err_code == STREAM_FULL
                raise
        self._is_full = False
        PUBLISHED.labels(self.names.service, one.kind).inc()
        self.resender.acknowledged(one.id, sequence)
        return sequence

    def is_open(self) -> bool:
        """False while the bus would take nothing."""
        return self._up.is_set() and self.link.connected and time.monotonic() >= self._shut_until

    async def dead_letter_unsent(self, one: Outgoing, error: Exception) -> None:
        """Keep an event that the bus refused where people see it."""
        await self._dead_letters.add_unsent(self.names.of(one.kind, one.version), one.body, one.id, str(error))

    async def ask(self, question: str, request: BaseModel, reply: type[R], within: float) -> R:
        """Ask another service; raises Unavailable when nobody answers within so many seconds."""
        return await self.link.ask(question, request, reply, within)

    # ---- dead letters and reading along

    async def dead_letters(self, after: int = 0, limit: int = 50, service: str = "") -> list[DeadLetter]:
        """Ours, or another service's or ALL_SERVICES', oldest first, whose sequence is greater than `after`."""
        return await self._dead_letters.list(after, limit, service or self.names.service)

    async def dead_letter(self, sequence: int) -> DeadLetter:
        """Raises NotFound."""
        return await self._dead_letters.get(sequence)

    async def replay(self, sequence: int) -> DeadLetter:
        """Give a dead letter to its service once more and take it off the list. Raises NotFound, Conflict."""
        return await self._dead_letters.replay(sequence)

    async def newest(self) -> int:
        """The stream sequence of the last event. Raises Unavailable."""
        return await following.newest(self.link)

    async def latest(self, kind: type[E], count: int, within: float) -> list[E]:
        """The newest events of this kind, `count` of them or some more, oldest first; all where there are fewer. Raises
        Unavailable when they are not read within so many seconds."""
        return await following.latest(self.link, kind, count, within)

    async def kept(self) -> tuple[int, int]:
        """The stream sequences of the oldest and the newest event that are kept."""
        return await following.kept(self.link)

    async def connect(self) -> None:
        """To read along, without taking anything from the service."""
        await self.link.open()

    def follow(self, after: int | None) -> AsyncGenerator[tuple[int, Event] | None, None]:
        """Every event with its stream sequence, from behind `after` or from now on; None after a while without events.
        Raises OffsetExpired when what follows `after` is no longer kept."""
        return following.follow(self.link, after, self.limits.idle_timeout)

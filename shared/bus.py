"""The bus: two streams, one durable consumer a service, retries that wait longer each time, dead letters.

Streams and consumers are made here, by one idempotent bootstrap, and nowhere else: a subscriber that declares them
would overwrite their settings. Delivery is at least once; what makes it once is the store.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import nats.errors
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as JetStreamAck
from nats.js.api import ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import BadRequestError, NotFoundError
from opentelemetry import propagate
from opentelemetry.trace import SpanKind
from pydantic import BaseModel

from shared.domain import NotFound, TooEarly, Unavailable
from shared.events import CONTENT_TYPE, Event, Malformed, UnknownType
from shared.outbox import Outgoing
from shared.telemetry import ATTEMPT, EVENT_ID, EVENT_TYPE, HANDLE_SECONDS, PARKED, PUBLISHED, TICKET, failed, span

logger = logging.getLogger(__name__)
Handler = Callable[[Any], Awaitable[object]]
E = TypeVar("E", bound=Event)
Q = TypeVar("Q", bound=BaseModel)
R = TypeVar("R", bound=BaseModel)

# Seconds before each retry; then the event is parked. One that builds on what a crash left unacknowledged is tried
# again shortly after ACK_WAIT.
WAITS = (0.2, 1.0, 5.0, 30.0, 60.0, 300.0)
AWAY_WAITS = (0.2, 0.5, 1.0, 2.0, 5.0)  # while a server is away: the last one again and again
HANDLE_WITHIN = 20.0  # seconds; below ACK_WAIT, so that nobody else gets an event that is still being handled
ACK_WAIT = 30.0
AT_ONCE = 16  # events handled at the same time, unless told otherwise
# Delivered and not acknowledged, those that wait for a retry included: with a few at once fewer, so that the last of
# them is begun before ACK_WAIT and none comes a second time only because it had to wait.
IN_FLIGHT = 512
IN_FLIGHT_EACH = 128  # of those handled at once
DEDUPE_WINDOW = 600.0  # seconds
KEEP = 90 * 86400.0  # seconds that the streams remember
TRACEPARENT = "traceparent"
ONLY = "Bihuan-Only"  # a replayed dead letter is for this service alone
LOST: tuple[type[Exception], ...] = (nats.errors.Error,)  # what the client raises while the server is away


class Gone(Exception):
    """The place in the stream that was asked for is no longer kept."""


@dataclass(frozen=True)
class DeadLetter:
    """A parked event: where it was parked, for which service, why, after how many tries, and its bytes."""

    sequence: int
    service: str
    subject: str
    error: str
    tries: int
    parked_at: datetime
    body: str


class Bus:
    """One service's connection. `away` are the errors that mean: a server is not there just now."""

    def __init__(
        self,
        url: str,
        service: str,
        prefix: str = "bihuan",
        away: tuple[type[Exception], ...] = (),
        at_once: int = AT_ONCE,
    ) -> None:
        self.service = service
        self.prefix = prefix
        self.stream = prefix.upper()
        self.dead_stream = f"{self.stream}_DEAD"
        self.handlers: dict[type[Event], Handler] = {}
        self._away = (*LOST, ConnectionError, TimeoutError, Unavailable, *away)
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(at_once)
        self._in_flight = min(IN_FLIGHT, IN_FLIGHT_EACH * at_once)
        self._stopping = False
        self._broker = NatsBroker(
            url,
            apply_types=False,
            logger=None,
            graceful_timeout=20,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            connect_timeout=2,
        )

    # ---- what a service says when it is wired

    def on(self, event: type[E], handler: Callable[[E], Awaitable[object]]) -> None:
        self.handlers[event] = handler

    def answers(self, question: str, kind: type[Q], handler: Callable[[Q], Awaitable[BaseModel]]) -> None:
        """Answer requests on `<prefix>-ask.<question>`; replicas share them."""

        async def answer(message: NatsMessage) -> bytes:
            headers = message.raw_message.headers or {}
            with span(f"answer {question}", SpanKind.SERVER, headers.get(TRACEPARENT, "")):
                reply = await handler(kind.model_validate_json(message.body))
            return reply.model_dump_json().encode()

        subject = f"{self.prefix}-ask.{question}"
        self._broker.subscriber(subject, queue=self.service, decoder=_whole, ack_policy=AckPolicy.MANUAL)(answer)

    # ---- life

    async def start(self) -> None:
        """Connect, create or update the streams and our consumer, begin to listen."""
        if self.handlers:
            self._broker.subscriber(
                f"{self.prefix}.>",
                queue=self.service,
                stream=JStream(self.stream, declare=False),
                decoder=_whole,
                ack_policy=AckPolicy.MANUAL,
                pending_msgs_limit=self._in_flight * 2,
            )(self._receive)
        await self._broker.connect()
        await self.bootstrap()
        await self._broker.start()

    async def stop_receiving(self) -> None:
        """Take nothing new, hand back what has not begun, finish what has."""
        self._stopping = True
        for subscriber in self._broker.subscribers:
            subscription = getattr(subscriber, "subscription", None)
            if subscription is not None:
                # Drained, not closed: what was delivered but not begun is handed back at once, not after ACK_WAIT.
                await subscription.drain()
                subscriber.subscription = None  # type: ignore[attr-defined]
        lanes = list(self._lanes.values())
        if lanes:
            await asyncio.wait(lanes, timeout=HANDLE_WITHIN)

    async def stop(self) -> None:
        await self._broker.stop()

    async def ready(self) -> bool:
        """True when the server answers and our consumer is there."""
        try:
            if self.handlers:
                await self._js.consumer_info(self.stream, self.service, timeout=1)
            else:
                await self._js.stream_info(self.stream)
        except (nats.errors.Error, TimeoutError):
            return False
        return True

    @property
    def idle(self) -> bool:
        return not self._lanes

    @property
    def _js(self) -> JetStreamContext:
        return self._broker.config.broker_config.connection_state.stream

    async def bootstrap(self) -> None:
        """Both streams and our durable consumer, created or brought to these settings."""
        common: dict[str, Any] = {
            "retention": RetentionPolicy.LIMITS,
            "storage": StorageType.FILE,
            "max_age": KEEP,
            "duplicate_window": DEDUPE_WINDOW,
            "allow_direct": True,
        }
        await self._ensure_stream(StreamConfig(name=self.stream, subjects=[f"{self.prefix}.>"], **common))
        await self._ensure_stream(StreamConfig(name=self.dead_stream, subjects=[f"{self.prefix}-dead.>"], **common))
        if not self.handlers:
            return
        await self._js.add_consumer(
            self.stream,
            ConsumerConfig(
                durable_name=self.service,
                deliver_group=self.service,
                deliver_subject=f"_deliver.{self.prefix}.{self.service}",
                deliver_policy=DeliverPolicy.ALL,
                ack_policy=JetStreamAck.EXPLICIT,
                ack_wait=ACK_WAIT,
                max_deliver=-1,
                max_ack_pending=self._in_flight,
                filter_subjects=sorted(
                    f"{self.prefix}.{event.kind}.v{event.schema_version}" for event in self.handlers
                ),
            ),
        )

    async def _ensure_stream(self, config: StreamConfig) -> None:
        try:
            await self._js.add_stream(config)
        except BadRequestError as error:
            if error.err_code != 10058:  # the name is in use with other settings
                raise
            await self._js.update_stream(config)

    # ---- out

    async def publish(self, one: Outgoing) -> None:
        """Publish and wait for the stream's acknowledgement; a repeat of the same id is dropped by the stream."""
        about = {TICKET: one.subject, EVENT_TYPE: one.kind, EVENT_ID: one.id}
        with span(f"publish {one.kind}", SpanKind.PRODUCER, one.traceparent, **about):
            headers = {"Nats-Msg-Id": one.id, "Content-Type": CONTENT_TYPE}
            propagate.inject(headers)
            subject = f"{self.prefix}.{one.kind}.v{one.version}"
            await self._js.publish(subject, one.body, timeout=3, stream=self.stream, headers=headers)
        PUBLISHED.labels(self.service, one.kind).inc()

    async def ask(self, question: str, request: BaseModel, reply: type[R], within: float) -> R:
        """Ask another service; raises Unavailable when nobody answers within so many seconds."""
        headers: dict[str, str] = {}
        propagate.inject(headers)
        client = self._broker.config.broker_config.connection_state.connection
        try:
            answer = await client.request(
                f"{self.prefix}-ask.{question}", request.model_dump_json().encode(), timeout=within, headers=headers
            )
        except (nats.errors.Error, TimeoutError) as error:
            raise Unavailable(f"{question}: nobody answered", f"{question}：无应答") from error
        return reply.model_validate_json(answer.data)

    # ---- in

    async def _receive(self, message: NatsMessage) -> None:
        """Begin to handle a message at once, but one about the same subject only after those before it."""
        raw = message.raw_message
        if self._stopping:
            await raw.nak()
            return
        if (raw.headers or {}).get(ONLY, self.service) != self.service:
            await raw.ack()
            return
        try:
            event = Event.from_wire(raw.data)
        except (Malformed, UnknownType) as error:
            await self._park(raw, str(error), 1)
            return
        before = self._lanes.get(event.subject)
        task = asyncio.create_task(self._handle(event, raw, before))
        self._lanes[event.subject] = task
        task.add_done_callback(lambda done: self._leave(event.subject, done))

    def _leave(self, subject: str, task: asyncio.Task[None]) -> None:
        if self._lanes.get(subject) is task:
            del self._lanes[subject]
        if not task.cancelled() and (error := task.exception()):
            # Acknowledging failed: the server delivers the event again, and the store knows that it was handled.
            logger.warning("an event of %s will come again: %s %s", subject, type(error).__name__, error)

    async def _handle(self, event: Event, raw: Any, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait([before])
        async with self._slots:
            if self._stopping:
                await raw.nak()
                return
            tries = raw.metadata.num_delivered
            about = {TICKET: event.subject, EVENT_TYPE: event.kind, EVENT_ID: event.id, ATTEMPT: tries}
            parent = (raw.headers or {}).get(TRACEPARENT, "")
            began = time.perf_counter()
            outcome = "handled"
            with span(f"process {event.kind}", SpanKind.CONSUMER, parent, **about) as current:
                try:
                    # A message that ends the process each time never reaches `except`: count before the work.
                    if tries > len(WAITS) + 20:
                        raise RuntimeError(f"delivered {tries} times without an end")
                    async with asyncio.timeout(HANDLE_WITHIN):
                        await self.handlers[type(event)](event)
                    await raw.ack()
                except Exception as error:  # every failure is retried or parked, none is dropped
                    if not _is_early(error, tries):
                        failed(current, error)
                    outcome = await self._later(raw, event, error, tries)
            HANDLE_SECONDS.labels(self.service, event.kind, outcome).observe(time.perf_counter() - began)

    async def _later(self, raw: Any, event: Event, error: Exception, tries: int) -> str:
        if isinstance(error, self._away):
            wait = AWAY_WAITS[min(tries, len(AWAY_WAITS)) - 1]
            logger.warning("%s waits %.1f s, a server is away: %s", event.kind, wait, error)
        elif tries > len(WAITS):
            await self._park(raw, f"{type(error).__name__}: {error}", tries)
            return "parked"
        else:
            wait = WAITS[tries - 1]
            level = logging.INFO if _is_early(error, tries) else logging.ERROR
            about = {"fields": {"event": event.id, "ticket.id": event.subject}}
            logger.log(level, "%s failed, try %d", event.kind, tries, exc_info=error, extra=about)
        await raw.nak(delay=wait * random.uniform(0.9, 1.1))
        return "retried"

    async def _park(self, raw: Any, error: str, tries: int) -> None:
        """Keep it, with the error, where people can see and replay it; only then is it acknowledged."""
        place = raw.metadata.sequence.stream
        headers = {
            "Nats-Msg-Id": f"{self.service}:{place}:{(raw.headers or {}).get('Nats-Msg-Id', '')}",
            "Bihuan-Error": " ".join(error.split())[:800],
            "Bihuan-Subject": raw.subject,
            "Bihuan-Tries": str(tries),
        }
        if parent := (raw.headers or {}).get(TRACEPARENT):
            headers[TRACEPARENT] = parent
        subject = f"{self.prefix}-dead.{self.service}"
        await self._js.publish(subject, raw.data, timeout=3, stream=self.dead_stream, headers=headers)
        await raw.term()
        PARKED.labels(self.service).inc()
        logger.error("parked %s after %d tries: %s", raw.subject, tries, error)

    # ---- dead letters

    async def dead_letters(self, after: int = 0, limit: int = 50) -> list[DeadLetter]:
        """Ours, oldest first, whose sequence is greater than `after`."""
        found: list[DeadLetter] = []
        while len(found) < limit:
            try:
                raw = await self._js.get_msg(
                    self.dead_stream, seq=after + 1, next=True, subject=f"{self.prefix}-dead.{self.service}"
                )
            except NotFoundError:
                break
            after = raw.seq or 0
            found.append(_dead(raw, self.service))
        return found

    async def replay(self, sequence: int) -> DeadLetter:
        """Give a dead letter to its service once more and take it off the list. Raises NotFound."""
        try:
            raw = await self._js.get_msg(self.dead_stream, seq=sequence)
        except NotFoundError as error:
            raise _no_letter(sequence) from error
        if raw.subject != f"{self.prefix}-dead.{self.service}":
            raise _no_letter(sequence)
        letter = _dead(raw, self.service)
        headers = {"Nats-Msg-Id": f"replay:{self.service}:{sequence}", ONLY: self.service, "Content-Type": CONTENT_TYPE}
        body = raw.data or b""
        await self._js.publish(letter.subject, body, timeout=3, stream=self.stream, headers=headers)
        await self._js.delete_msg(self.dead_stream, sequence)
        return letter

    # ---- following the stream

    async def newest(self) -> int:
        """The stream sequence of the last event. Raises Unavailable."""
        try:
            return (await self._js.stream_info(self.stream)).state.last_seq
        except (nats.errors.Error, TimeoutError) as error:
            raise Unavailable("the bus does not answer", "消息总线无应答") from error

    async def follow(self, after: int | None) -> AsyncGenerator[tuple[int, Event] | None, None]:
        """Every event with its stream sequence, from behind `after` or from now on; None every 15 s of silence.

        Raises Gone when what follows `after` is no longer kept.
        """
        state = (await self._js.stream_info(self.stream)).state
        if after is not None and (after + 1 < state.first_seq or after > state.last_seq):
            raise Gone
        start = (state.last_seq if after is None else after) + 1
        feed = await self._js.subscribe(
            f"{self.prefix}.>",
            stream=self.stream,
            ordered_consumer=True,
            config=ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=start),
        )
        try:
            while True:
                try:
                    raw = await feed.next_msg(timeout=15)
                except (nats.errors.TimeoutError, TimeoutError):
                    yield None
                    continue
                if ONLY in (raw.headers or {}):
                    continue
                try:
                    yield raw.metadata.sequence.stream, Event.from_wire(raw.data)
                except (Malformed, UnknownType):
                    continue  # whoever handles it has parked it
        finally:
            await feed.unsubscribe()

    async def lag(self) -> int:
        """How many events our consumer has not finished."""
        info = await self._js.consumer_info(self.stream, self.service)
        return (info.num_pending or 0) + (info.num_ack_pending or 0)


def _is_early(error: Exception, tries: int) -> bool:
    """An event that comes too early finds nothing yet; once or twice that is no failure."""
    return isinstance(error, (NotFound, TooEarly)) and tries < 3


async def _whole(message: NatsMessage) -> NatsMessage:
    """Hand the message to the handler as it is: the envelope is read in one place."""
    return message


def _dead(raw: Any, service: str) -> DeadLetter:
    headers: Mapping[str, str] = raw.headers or {}
    return DeadLetter(
        sequence=raw.seq or 0,
        service=service,
        subject=headers.get("Bihuan-Subject", ""),
        error=headers.get("Bihuan-Error", ""),
        tries=int(headers.get("Bihuan-Tries", "0")),
        parked_at=raw.time,
        body=(raw.data or b"")[:65_536].decode(errors="replace"),
    )


def _no_letter(sequence: int) -> NotFound:
    return NotFound(f"there is no dead letter {sequence}", f"没有编号为 {sequence} 的死信")


__all__ = ["Bus", "DeadLetter", "Gone", "Handler"]

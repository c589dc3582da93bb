"""The connection to the bus, through FastStream: opened when a server is there, and anew when the client gave up."""

import asyncio
import contextlib
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import nats.errors
from faststream import AckPolicy
from faststream.nats import NatsBroker, NatsMessage
from faststream.nats.broker.state import BrokerState
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import APIError
from opentelemetry import propagate
from opentelemetry.trace import SpanKind
from pydantic import BaseModel

from shared.bus.addresses import servers_of
from shared.bus.names import PUBLISH_WITHIN, TRACEPARENT, Names
from shared.domain import TooLarge, Unavailable
from shared.outbox import Refused
from shared.telemetry import span

logger = logging.getLogger(__name__)
Q = TypeVar("Q", bound=BaseModel)
R = TypeVar("R", bound=BaseModel)
Receive = Callable[[NatsMessage], Awaitable[object]]
EXPECTED_STREAM = "Nats-Expected-Stream"
DENIED = re.compile(r'permissions violation for publish to "([^"]+)"', re.IGNORECASE)
# The request is wrong, not the message: another stream has our subject (10060), or ours is sealed (10109).
NOT_THE_MESSAGE = {10060, 10109}
TELL_AGAIN = 60.0  # seconds
FIRST_ALONE = 0.25  # of the time for an answer


class Link:
    """One client at a time. The client reconnects by itself, except when the server closed the connection because of
    what we sent; then a new one is opened in its place, with the same subscriptions."""

    def __init__(self, url: str, names: Names) -> None:
        self.names = names
        self.on_connected: Callable[[], object] = lambda: None
        self.on_closed: Callable[[], object] = lambda: None
        self._servers, self._security = servers_of(url)
        self._subscriptions: list[tuple[str, str, bool, Receive]] = []
        self._denied: dict[str, float] = {}
        self._told = -TELL_AGAIN
        self.why_closed = ""  # the last error while no server was reached
        self._open = False
        self.broker = self._new_broker()

    def _new_broker(self) -> NatsBroker:
        return NatsBroker(
            self._servers,
            apply_types=False,
            logger=None,
            security=self._security,
            graceful_timeout=20,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            connect_timeout=2,
            inbox_prefix=self.names.inbox,
            error_cb=self._on_error,
            reconnected_cb=self._on_reconnected,
            closed_cb=self._on_closed,
        )

    async def _on_error(self, error: Exception) -> None:
        if found := DENIED.search(str(error)):
            self._denied[found[1]] = time.monotonic()
            logger.error("the bus does not allow us to publish to %s", found[1])
        elif not self._open:
            self.why_closed = f"{type(error).__name__}: {error}"
            if time.monotonic() - self._told > TELL_AGAIN:
                self._told = time.monotonic()
                logger.error("the bus cannot be reached: %s", self.why_closed)

    async def _on_reconnected(self) -> None:
        self.on_connected()

    async def _on_closed(self) -> None:
        self.on_closed()

    # ---- life

    def subscribe(self, subject: str, receive: Receive, queue: str = "", replies: bool = False) -> None:
        """Before the link is opened."""
        self._subscriptions.append((subject, queue, replies, receive))
        self._add(self.broker, self._subscriptions[-1])

    @staticmethod
    def _add(broker: NatsBroker, one: tuple[str, str, bool, Receive]) -> None:
        subject, queue, replies, receive = one
        # What a handler returns goes to the reply subject; with us that may be where events are acknowledged.
        broker.subscriber(subject, queue, decoder=_whole, ack_policy=AckPolicy.MANUAL, no_reply=not replies)(receive)

    async def open(self) -> None:
        """Returns when a server is there, however long that takes; at once when the link is open."""
        if self.closed_for_good:
            logger.error("the connection to the bus was closed for good; a new one is opened")
            self._open = False
            self.broker = self._new_broker()
            for one in self._subscriptions:
                self._add(self.broker, one)
        if not self._open:
            await self.broker.start()
            self._open = True
            self.on_connected()

    async def stop_receiving(self) -> None:
        """What has arrived is still handed out; afterwards nothing new is."""
        for subscriber in self.broker.subscribers:
            subscription = getattr(subscriber, "subscription", None)
            if subscription is not None:
                with contextlib.suppress(nats.errors.Error, TimeoutError):
                    await subscription.drain()
                subscriber.subscription = None  # type: ignore[attr-defined]

    async def close(self) -> None:
        try:
            await self.broker.stop()
        except nats.errors.Error:  # it cannot be drained while the server is away
            await self.client.close()

    @property
    def client(self) -> Client:
        """Raises ConnectionClosedError as long as there was no server yet."""
        if not self._state:
            raise nats.errors.ConnectionClosedError
        return self._state.connection

    @property
    def js(self) -> JetStreamContext:
        """Raises ConnectionClosedError as long as there was no server yet."""
        if not self._state:
            raise nats.errors.ConnectionClosedError
        return self._state.stream

    @property
    def connection(self) -> tuple[Client, int]:
        """Another one after each time that it broke."""
        return self.client, self.client.stats["reconnects"]

    @property
    def connected(self) -> bool:
        return self._open and self.client.is_connected

    @property
    def closed_for_good(self) -> bool:
        """The client is closed and does not come back by itself."""
        return bool(self._state) and self.client.is_closed

    @property
    def _state(self) -> BrokerState:
        return self.broker.config.broker_config.connection_state

    # ---- out

    def room(self, headers: Mapping[str, str]) -> int:
        """Bytes that a message with these headers may have. More would close the connection."""
        return int(self.client.max_payload) - sum(len(f"{k}: {v}\r\n".encode()) for k, v in headers.items()) - 16

    async def publish(self, stream: str, subject: str, body: bytes, headers: dict[str, str]) -> int:
        """Its sequence, when the stream has it. Raises Refused when it will never have it, otherwise one of
        CONNECTION_ERRORS."""
        headers = {**headers, EXPECTED_STREAM: stream}
        if len(body) > self.room(headers):
            raise Refused(f"{len(body)} bytes are more than the bus takes at once")
        began = time.monotonic()
        try:
            return (await self.js.publish(subject, body, timeout=PUBLISH_WITHIN, headers=headers)).seq
        except (nats.errors.MaxPayloadError, nats.errors.BadHeaderError, nats.errors.BadSubjectError) as error:
            raise Refused(f"{type(error).__name__}: {error}") from error
        except APIError as error:
            if error.code == 400 and error.err_code not in NOT_THE_MESSAGE:
                raise Refused(str(error)) from error
            raise
        except nats.errors.TimeoutError as error:
            if self._denied.get(subject, 0) >= began:
                raise Refused(f"we are not allowed to publish to {subject}") from error
            raise

    async def api(self, request: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask JetStream itself, so that settings which the client does not know are kept. Raises APIError,
        CONNECTION_ERRORS."""
        payload = json.dumps(body).encode() if body is not None else b""
        answer = await self.client.request(f"$JS.API.{request}", payload, timeout=5)
        found: dict[str, Any] = json.loads(answer.data)
        if "error" in found:
            APIError.from_error(found["error"])
        return found

    # ---- questions

    def answers(self, question: str, kind: type[Q], handler: Callable[[Q], Awaitable[BaseModel]]) -> None:
        async def answer(message: NatsMessage) -> bytes:
            headers = message.raw_message.headers or {}
            with span(f"answer {question}", SpanKind.SERVER, headers.get(TRACEPARENT, "")):
                reply = (await handler(kind.model_validate_json(message.body))).model_dump_json().encode()
            if len(reply) > self.room({}) - 4096:  # FastStream adds headers of its own
                raise TooLarge("The response is too large for the message bus", "响应超出消息总线上限")
            return reply

        self.subscribe(self.names.question(question), answer, self.names.service, replies=True)
        self.subscribe(self.names.question_to_all(question), answer, replies=True)

    async def ask(self, question: str, request: BaseModel, reply: type[R], within: float) -> R:
        """One replica is asked; all of them when it has not answered after a quarter of the time, for it may be
        stopped, which nobody learns for minutes. Raises Unavailable when nobody answers in time, TooLarge."""
        headers: dict[str, str] = {}
        propagate.inject(headers)
        body = request.model_dump_json().encode()

        async def answer(subject: str, seconds: float) -> bytes:
            return (await self.client.request(subject, body, timeout=seconds, headers=headers)).data

        asked: set[asyncio.Task[bytes]] = set()
        try:
            if len(body) > self.room(headers):
                raise TooLarge("The request is too large for the message bus", "请求超出消息总线上限")
            asked = {asyncio.create_task(answer(self.names.question(question), within))}
            done, _ = await asyncio.wait(asked, timeout=within * FIRST_ALONE)
            if not done:
                rest = within * (1 - FIRST_ALONE)
                asked.add(asyncio.create_task(answer(self.names.question_to_all(question), rest)))
            found = await _first(asked)
        except (nats.errors.Error, TimeoutError) as error:
            raise Unavailable(f"{question}: no response", f"{question}：无响应") from error
        finally:
            for task in asked:
                task.cancel()
        return reply.model_validate_json(found)


async def _first(asked: set[asyncio.Task[bytes]]) -> bytes:
    """What the first of them answers; raises what the last of them failed with."""
    while True:
        done, asked = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if not task.exception() or not asked:
                return task.result()


async def _whole(message: NatsMessage) -> NatsMessage:
    """Hand the message to the handler as it is: the envelope is read in one place."""
    return message


async def wait_or_timeout(event: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until somebody sets it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()

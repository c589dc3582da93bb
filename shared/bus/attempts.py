"""Handling an event once: a place among those handled at the same time, a span, a time limit, a count of attempts
that had no end."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import nats.errors
from opentelemetry.trace import Span, SpanKind

from shared.bus.names import Limits
from shared.domain import NotFound, TooEarly, Unavailable
from shared.events import Event
from shared.telemetry import ATTEMPT, EVENT_ID, EVENT_TYPE, HANDLE_SECONDS, TICKET, place_in_trace, record_failure, span

logger = logging.getLogger(__name__)
Handler = Callable[[Any], Awaitable[object]]
BatchHandler = Callable[[Sequence[Event]], Awaitable[object]]
POISON_AFTER = 3  # attempts that were begun and never ended


class Stopping(Exception):
    """This process takes nothing new."""


class PoisonEvent(Exception):
    """The event was begun several times and no attempt ended: it seems to end the process."""


class HandlerTimeout(Exception):
    """The handler did not end within its time."""


class Mark(Protocol):
    """Where it is noted that handling an event was begun, and that it ended, whichever way."""

    async def begun(self) -> int:
        """How often without an end."""

    async def begin(self) -> None: ...

    async def end(self) -> None: ...


class Attempts:
    """`is_transient` says of an error that our own store is away."""

    def __init__(
        self,
        service: str,
        handlers: Mapping[type[Event], Handler],
        limits: Limits,
        is_transient: Callable[[BaseException], bool],
    ) -> None:
        self.stopping = False
        self._service = service
        self._handlers = handlers
        self._limits = limits
        self._is_away = is_transient
        self._slots = asyncio.Semaphore(limits.at_once)
        self._suspects = asyncio.Lock()

    @property
    def crowded(self) -> bool:
        """Whether some wait for a place."""
        return self._slots.locked()

    async def once(
        self, event: Event, parent: str, tries: int, mark: Mark | None, handler: Handler | None = None
    ) -> Exception | None:
        """What went wrong, None when it was handled, by its usual handler unless another is given. `tries` counts from
        1, `parent` is a traceparent; with a `mark` it is noted that it was begun."""
        async with self._slots:
            if self.stopping:
                return Stopping()
            about: dict[str, str | int] = {
                TICKET: event.subject,
                EVENT_TYPE: event.kind,
                EVENT_ID: event.id,
                ATTEMPT: tries,
            }
            began = time.perf_counter()
            outcome = "handled"
            with span(f"process {event.kind}", SpanKind.CONSUMER, parent, **about) as current:
                error = await self._try(event, handler or self._handlers[type(event)], mark)
                if error:
                    outcome = "retried"
                    _note(current, error, tries)
                self._record_outcome(event, outcome, time.perf_counter() - began, tries, in_part=handler is not None)
        return error

    def _record_outcome(self, event: Event, outcome: str, seconds: float, tries: int, in_part: bool = False) -> None:
        """A figure for each attempt, and a line, but not for what is done before others handle it with many at once."""
        HANDLE_SECONDS.labels(self._service, event.kind, outcome).observe(seconds)
        if in_part and outcome == "handled":
            return
        about = {"ticket.id": event.subject, "event": event.id, "try": tries, "ms": round(seconds * 1000, 1)}
        logger.info("%s %s", event.kind, outcome, extra={"fields": about})

    async def together(self, taken: Sequence[tuple[Event, str]], handler: BatchHandler) -> Exception | None:
        """Many in one call, each with its traceparent: what went wrong with them, None when they were handled."""
        began = time.perf_counter()
        error: Exception | None = None
        try:
            with contextlib.ExitStack() as spans:
                for event, parent in taken:
                    about = {TICKET: event.subject, EVENT_TYPE: event.kind, EVENT_ID: event.id}
                    spans.enter_context(span(f"process {event.kind}", SpanKind.CONSUMER, parent, **about))
                async with asyncio.timeout(self._limits.handle_within):
                    await handler([event for event, _ in taken])
        except Exception as failure:  # whoever called says what becomes of them
            error = failure
        each = (time.perf_counter() - began) / len(taken)
        for event, parent in taken:
            with place_in_trace(parent):
                self._record_outcome(event, "retried" if error else "handled", each, 1)
        return error

    async def _try(self, event: Event, handler: Handler, mark: Mark | None) -> Exception | None:
        try:
            if mark:
                await self._carefully(event, handler, mark)
            else:
                await self._handle(event, handler)
        except Exception as error:  # every failure is retried or becomes a dead letter, none is dropped
            return error
        return None

    async def _handle(self, event: Event, handler: Handler) -> None:
        try:
            async with asyncio.timeout(self._limits.handle_within) as limit:
                await handler(event)
        except TimeoutError as error:
            if limit.expired():
                raise HandlerTimeout(f"not done within {self._limits.handle_within:g} s") from error
            raise

    async def _carefully(self, event: Event, handler: Handler, mark: Mark) -> None:
        """Those that were begun and never ended go one at a time, so that what was under way beside a deadly one is
        not taken for it."""
        begun = await mark.begun()
        if begun >= POISON_AFTER:
            raise PoisonEvent(f"begun {begun} times without an end")
        async with self._suspects if begun else contextlib.nullcontext():
            await mark.begin()
            try:
                await self._handle(event, handler)
            finally:
                await mark.end()

    # ---- what an error means

    def is_store_error(self, error: Exception) -> bool:
        return self._is_away(error)

    def is_transient_error(self, error: Exception) -> bool:
        """A server is away: the event has nothing to do with it."""
        return isinstance(error, (nats.errors.Error, ConnectionError, TimeoutError, Unavailable)) or self._is_away(
            error
        )


def is_early(error: Exception) -> bool:
    """It builds on another event that has not been handled yet."""
    return isinstance(error, (NotFound, TooEarly))


def is_quiet(error: Exception, tries: int) -> bool:
    """That an event comes too early once or twice is no failure."""
    return is_early(error) and tries < 3


def _note(current: Span, error: Exception, tries: int) -> None:
    if not is_quiet(error, tries):
        record_failure(current, error)

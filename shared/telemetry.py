"""Traces, metrics and logs. Every span name, attribute, metric and log field of the system is named here."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from opentelemetry import context, propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.pymongo import PymongoInstrumentor
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from prometheus_client import Counter, Gauge, Histogram

from shared.masking import MaskingExporter, personal_masked, redacted, traceback_of
from shared.settings import Settings

TICKET = "ticket.id"
EVENT_TYPE = "bihuan.event.type"
EVENT_ID = "bihuan.event.id"
ATTEMPT = "bihuan.event.attempt"

logger = logging.getLogger(__name__)
NUMBER = re.compile(r"[A-Z]{1,10}(?:-\d{1,12}){1,3}")
OUR_ID = re.compile(r"[0-9a-f]{32}")  # of a request or an event: its digits may look like a telephone number
OURS = ("shared", "services", "deploy")  # whose lines are written for operators
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
HTTP_SECONDS = Histogram(
    "bihuan_http_request_seconds", "HTTP requests", ["service", "method", "route", "status"], buckets=_SECONDS
)
HANDLE_SECONDS = Histogram(
    "bihuan_event_handle_seconds", "Handling of one event", ["service", "kind", "outcome"], buckets=_SECONDS
)
PUBLISHED = Counter("bihuan_events_published_total", "Events that the bus has acknowledged", ["service", "kind"])
RESENT = Counter("bihuan_events_told_again_total", "Events that the bus had and lost, published again", ["service"])
DEAD_LETTERED = Counter("bihuan_events_parked_total", "Events that became dead letters", ["service"])
REUSED = Counter(
    "bihuan_ticket_numbers_reused_total", "Tickets that were opened under a number which another one has", ["service"]
)
DEFERRED = Gauge("bihuan_lanes_deferred", "Tickets with events that wait to be tried again", ["service"])
UNSENT = Gauge("bihuan_outbox_waiting", "Events written but not yet acknowledged by the bus", ["service"])
UNHANDLED = Gauge("bihuan_bus_waiting", "Events on the bus that the service has not handled yet", ["service"])
UNASSIGNED = Gauge("bihuan_queue_unassigned", "Open tickets that nobody has", ["service", "priority"])
OLDEST = Gauge("bihuan_queue_oldest_seconds", "Age of the oldest open ticket that nobody has", ["service", "priority"])
STANDING = Gauge(
    "bihuan_tickets_warned", "Open tickets with a clock that is breached, or at risk", ["service", "standing"]
)

tracer = trace.get_tracer("bihuan")
untraced = suppress_instrumentation  # for polling, whose spans would be roots of nothing


def start_tracing(service: str, settings: Settings) -> TracerProvider | None:
    """Send spans to the OTLP/HTTP receiver of the settings; None when there is none, then spans are only places in a
    trace, for log lines. Call before any client exists."""
    if not settings.otlp_url:
        trace.set_tracer_provider(TracerProvider(sampler=ALWAYS_OFF))
        return None
    provider = TracerProvider(
        resource=Resource.create({"service.name": service}),
        sampler=ParentBased(TraceIdRatioBased(settings.trace_ratio)),
    )
    exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_url.rstrip('/')}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(MaskingExporter(exporter), schedule_delay_millis=500))
    trace.set_tracer_provider(provider)
    PymongoInstrumentor().instrument(tracer_provider=provider)
    return provider


def traceparent() -> str:
    """The present place in the trace, to be kept with an event."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent", "")


class span:
    """A span that continues the trace of `parent` (a W3C traceparent; empty begins a new one).

    Inside a trace that is not sampled nothing is made, only the place in the trace is kept: most events of a busy
    desk are in such traces, and a span that nobody will see is not free.
    """

    __slots__ = ("_attributes", "_kind", "_name", "_parent", "_span", "_token")

    def __init__(self, name: str, kind: SpanKind, parent: str, **attributes: str | int) -> None:
        self._name, self._kind, self._parent, self._attributes = name, kind, parent, attributes

    def __enter__(self) -> Span:
        around = propagate.extract({"traceparent": self._parent}) if self._parent else context.Context()
        remote = trace.get_current_span(around)
        self._span = remote
        if not self._parent or remote.get_span_context().trace_flags.sampled:
            known = {key.replace("__", "."): value for key, value in self._attributes.items()}
            self._span = tracer.start_span(self._name, around, self._kind, known)
            around = trace.set_span_in_context(self._span, around)
        self._token = context.attach(around)
        return self._span

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        context.detach(self._token)
        if error is not None:
            record_failure(self._span, error)
        if self._span.is_recording():
            self._span.end()


@contextmanager
def place_in_trace(parent: str) -> Iterator[None]:
    """Lines that are logged within belong to the trace of this traceparent."""
    token = context.attach(propagate.extract({"traceparent": parent}))
    try:
        yield
    finally:
        context.detach(token)


def about_ticket(number: str) -> None:
    """Mark the present span as one of this ticket, unless what somebody asked for is no number of a ticket."""
    if NUMBER.fullmatch(number):
        trace.get_current_span().set_attribute(TICKET, number)


def record_failure(current: Span, error: BaseException) -> None:
    if not current.is_recording():  # a traceback that nobody will see is not free
        return
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    about = {"exception.type": kind, "exception.message": redacted(error), "exception.stacktrace": traceback_of(error)}
    current.add_event("exception", about)
    current.set_status(Status(StatusCode.ERROR, type(error).__name__))


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, service, logger, message, trace, and the error with its traceback."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": personal_masked(_message(record)),
        }
        now = trace.get_current_span().get_span_context()
        if now.is_valid:
            line["trace"] = f"{now.trace_id:032x}"
        fields: dict[str, Any] = getattr(record, "fields", {})
        line |= {name: _field(one) for name, one in fields.items()}
        if record.exc_info and record.exc_info[1]:
            line["error"] = traceback_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class Lines(logging.StreamHandler[TextIO]):
    """A line that cannot be made is told, without its words, which logging would write out as they are."""

    def handleError(self, record: logging.LogRecord) -> None:
        where = f"a line was not written: {record.filename}:{record.lineno}"
        about = (record.name, logging.ERROR, record.pathname, record.lineno, where, (), None)
        with suppress(OSError, ValueError):  # there is nowhere to write to
            self.stream.write(self.format(logging.LogRecord(*about)) + self.terminator)


def _field(value: object) -> object:
    """What a line is found by is kept as it is."""
    return personal_masked(value) if isinstance(value, str) and not OUR_ID.fullmatch(value) else value


def _message(record: logging.LogRecord) -> str:
    """An error among the arguments is logged without the values that it is about."""
    if record.name == "asyncio":  # what follows the first line is the `repr` of whatever went wrong
        return record.getMessage().partition("\n")[0]
    if not isinstance(record.args, tuple):
        return record.getMessage()
    arguments = tuple(redacted(one) if isinstance(one, BaseException) else one for one in record.args)
    return str(record.msg) % arguments if arguments else str(record.msg)


def start_logging(service: str, settings: Settings) -> None:
    """Our lines from the level of the settings on, those of libraries from WARNING on: below it they quote what they
    work on, statements with their documents and addresses with their secrets."""
    handler = Lines(sys.stderr)
    handler.setFormatter(JsonLines(service))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel("WARNING")
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):  # the server's own lines are made like ours
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = name != "uvicorn.access"  # requests have a line of ours
    logging.captureWarnings(True)
    sys.excepthook = _log_end


def _log_end(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    """What ends the process is its last line, and JSON like the others."""
    if isinstance(error, KeyboardInterrupt):
        return
    logger.critical("the process ends: %s: %s", kind.__name__, error, exc_info=error)

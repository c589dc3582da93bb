"""What logs, traces and the list of dead letters must not contain: customers' links, which act in their name; what
people search for; what tickets say; who they are. All three are made through here."""

import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatch
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from pydantic import ValidationError

from shared.secrets import HIDDEN
from shared.secrets import masked as without_secrets

# A link's token, what opens a live stream, or anything that is signed like one wherever it stands.
TOKENS = re.compile(
    r"(?<![\w-])stream_[0-9a-f]{16,}|(?<=/links/)[\w.~%+=-]+|(?<=/channels/)[\w.~%+=:@-]+|(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){1,2}"
)
# What was asked for, where and how, in the caller's words; `http.route` and `http.request.method` say it in ours.
DROPPED = ("url.query", "http.query", "url.path", "http.request.method_original")
SUBJECTS = ("ticket.id", "exception.message", "exception.stacktrace")  # of an event: a customer's may be an address
ADDRESSES = ("url.full", "http.url", "http.target")  # with a query in them
LONGEST = 500  # characters of one error
LONGEST_TRACEBACK = 16_000


def masked(text: str) -> str:
    return TOKENS.sub(HIDDEN, text)


# The text of an error is shown where it was written here, or tells of a connection. Elsewhere it may quote anything.
OUR_PACKAGES = ("shared", "services", "deploy")
CONNECTION_PACKAGES = ("nats", "aiosmtplib", "ssl", "socket")
CODE_NAMES = (AttributeError, NameError, ImportError)  # which say what the code calls something
# What is in quotes, or behind one that nothing closes; an apostrophe within a word opens none.
QUOTED = re.compile(
    r"""(?<!\w\w)'(?:\\.|[^'\\])*(?:'|\\?\Z)|"(?:\\.|[^"\\])*(?:"|\\?\Z)|“[^”]*(?:”|\Z)|「[^」]*(?:」|\Z)""", re.DOTALL
)


@singledispatch
def redacted(error: BaseException) -> str:
    """What an error says without what it is about. Drivers register what is to be said of theirs."""
    package = type(error).__module__.partition(".")[0]
    text = str(error)[:LONGEST]
    if package in OUR_PACKAGES or package in CONNECTION_PACKAGES or isinstance(error, (OSError, CODE_NAMES)):
        return personal_masked(text)
    if package in ("builtins", "asyncio", "json"):
        return personal_masked(QUOTED.sub(HIDDEN, text))
    return HIDDEN if text else ""


@redacted.register
def _(error: ValidationError) -> str:
    """The places of wrong values, not the values."""
    places = {_place(error.title, one["type"], one["loc"]) for one in error.errors(include_input=False)}
    return f"{error.error_count()} wrong values in {error.title}: {', '.join(sorted(places)[:10])}"


def _place(title: str, kind: str, loc: tuple[int | str, ...]) -> str:
    """The field of a model. What it does not know, and the keys of mappings, are words of the sender."""
    is_field = title.isidentifier() and kind != "extra_forbidden"
    return str(loc[0])[:40] if loc and (is_field or isinstance(loc[0], int)) else HIDDEN


def error_line(error: BaseException) -> str:
    """An error in one line, for people who look for its cause."""
    return f"{type(error).__name__}: {redacted(error)}"


def personal_masked(text: str) -> str:
    """Also without addresses and numbers of persons, passwords and keys."""
    return without_secrets(masked(text))


def traceback_of(error: BaseException) -> str:
    """Where it went wrong, what it came of first."""
    parts = ["".join(traceback.format_tb(one.__traceback__)) + error_line(one) for one in _chain(error)]
    return personal_masked("\n".join(reversed(parts)))[-LONGEST_TRACEBACK:]


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        before = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        waiting += [before, *(one.exceptions if isinstance(one, BaseExceptionGroup) else ())]


def masked_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """As a span may keep them: no address that was asked for, no token of a link."""
    kept = {}
    for name, value in attributes.items():
        if name in DROPPED:
            continue
        if isinstance(value, str):
            value = masked(value.partition("?")[0] if name in ADDRESSES else value)
            value = without_secrets(value) if name in SUBJECTS else value
        kept[name] = value
    return kept


class MaskingExporter(SpanExporter):
    """Exports spans without what must not leave, whoever made them."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_masked_span(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _masked_span(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=masked(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=masked_attributes(span.attributes or {}),
        events=[Event(event.name, masked_attributes(event.attributes or {}), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code, masked((span.status.description or "")[:LONGEST]) or None),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )

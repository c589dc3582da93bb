"""What logs and traces must not contain: customers' links, which act in their name; what people search for; what
tickets say. Both are made through here."""

import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from pydantic import ValidationError

HIDDEN = "…"
# A link's token, what opens a live stream, or anything that is signed like one wherever it stands.
TOKENS = re.compile(
    r"(?<![\w-])stream_[0-9a-f]{16,}|(?<=/links/)[\w.~%+=-]+|(?<=/channels/)[\w.~%+=:@-]+|(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){1,2}"
)
QUERIES = ("url.query", "http.query")
ADDRESSES = ("url.full", "http.url", "http.target")  # with a query in them
LONGEST = 500  # characters of one error
LONGEST_TRACEBACK = 16_000


def masked(text: str) -> str:
    return TOKENS.sub(HIDDEN, text)


def redacted(error: BaseException) -> str:
    """What an error says without what it is about: the places of wrong values, not the values."""
    if isinstance(error, ValidationError):
        places = sorted({str(one["loc"][0] if one["loc"] else "")[:40] for one in error.errors(include_input=False)})
        return f"{error.error_count()} wrong values in {error.title}: {', '.join(places[:10])}"
    return masked(str(error)[:LONGEST])


def traceback_of(error: BaseException) -> str:
    text = "".join(traceback.format_exception(error))
    for one in _chain(error):
        if said := str(one):
            text = text.replace(said, redacted(one))
    return masked(text)[-LONGEST_TRACEBACK:]


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, *(one.exceptions if isinstance(one, BaseExceptionGroup) else ())]


def masked_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """As a span may keep them: no query, no token of a link."""
    kept = {}
    for name, value in attributes.items():
        if name in QUERIES:
            continue
        if isinstance(value, str):
            value = masked(value.partition("?")[0] if name in ADDRESSES else value)
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

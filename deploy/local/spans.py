"""Spans as the collector keeps them, read from OTLP, and arranged as trees."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as WireSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

KINDS = ("", "internal", "server", "client", "producer", "consumer")
# A customer's signed link or a token in an address would let every reader of a trace act in their name.
SECRETS = re.compile(r"(/links/|/channels/|[?&](?:access_token|token|signature|sig)=)[^/?#&\s]+")


@dataclass(frozen=True)
class Span:
    """Times are microseconds since 1970."""

    trace_id: str
    span_id: str
    parent_id: str
    service: str
    name: str
    kind: str
    start_us: int
    end_us: int
    error: bool = False
    message: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ms(self) -> float:
        return (self.end_us - self.start_us) / 1000


@dataclass(frozen=True)
class Node:
    span: Span
    children: list["Node"] = field(default_factory=list)


def arrange(spans: Iterable[Span]) -> list[Node]:
    """Trees, each level in order of time. A span whose parent is not here is a root."""
    nodes = {span.span_id: Node(span) for span in sorted(spans, key=lambda span: (span.start_us, -span.end_us))}
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.span.parent_id)
        (roots if parent is None else parent.children).append(node)
    return roots


def walk(roots: Iterable[Node]) -> Iterator[tuple[int, Node]]:
    """Every node with its depth, parents first."""
    waiting = [(0, node) for node in reversed(list(roots))]
    while waiting:
        depth, node = waiting.pop()
        yield depth, node
        waiting += [(depth + 1, child) for child in reversed(node.children)]


def read_otlp(body: bytes) -> list[Span]:
    """Raises google.protobuf.message.DecodeError for what is not OTLP."""
    request = ExportTraceServiceRequest.FromString(body)
    return [
        _span(span, service)
        for resource_spans in request.resource_spans
        for service in [_service(resource_spans.resource.attributes)]
        for scope_spans in resource_spans.scope_spans
        for span in scope_spans.spans
    ]


def _span(span: WireSpan, service: str) -> Span:
    return Span(
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        service=service,
        name=masked(span.name),
        kind=KINDS[span.kind] if span.kind < len(KINDS) else "",
        start_us=span.start_time_unix_nano // 1000,
        end_us=span.end_time_unix_nano // 1000,
        error=span.status.code == Status.STATUS_CODE_ERROR,
        message=masked(span.status.message),
        attributes=_attributes(span.attributes),
        events=[
            {"name": event.name, "at_us": event.time_unix_nano // 1000, "attributes": _attributes(event.attributes)}
            for event in span.events
        ],
    )


def masked(text: str) -> str:
    return SECRETS.sub(r"\1***", text)


def _service(attributes: Iterable[KeyValue]) -> str:
    return str(_attributes(attributes).get("service.name", "?"))


def _attributes(attributes: Iterable[KeyValue]) -> dict[str, Any]:
    return {attribute.key: _value(attribute.value) for attribute in attributes}


def _value(value: AnyValue) -> Any:
    which = value.WhichOneof("value")
    if which == "string_value":
        return masked(value.string_value)
    if which == "array_value":
        return [_value(item) for item in value.array_value.values]
    if which == "kvlist_value":
        return _attributes(value.kvlist_value.values)
    if which == "bytes_value":
        return value.bytes_value.hex()
    return getattr(value, which) if which else None

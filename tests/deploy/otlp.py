"""Payloads as an exporter sends them."""

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from deploy.local import spans

MS = 1_000_000
START = 1_795_000_000_000 * MS


def wire_span(name: str, number: int, parent: int = 0, at: float = 0, ms: float = 10, **attributes: str) -> Span:
    """Times in milliseconds; `ticket_id` becomes ticket.id."""
    return Span(
        trace_id=bytes([7] * 16),
        span_id=number.to_bytes(8, "big"),
        parent_span_id=parent.to_bytes(8, "big") if parent else b"",
        name=name,
        kind=Span.SPAN_KIND_SERVER,
        start_time_unix_nano=START + int(at * MS),
        end_time_unix_nano=START + int((at + ms) * MS),
        attributes=[
            KeyValue(key=key.replace("_", "."), value=AnyValue(string_value=value)) for key, value in attributes.items()
        ],
    )


def failed(span: Span, message: str) -> Span:
    span.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message=message))
    return span


def payload(service: str, *wire_spans: Span) -> bytes:
    name = KeyValue(key="service.name", value=AnyValue(string_value=service))
    resource_spans = ResourceSpans(resource=Resource(attributes=[name]), scope_spans=[ScopeSpans(spans=wire_spans)])
    return ExportTraceServiceRequest(resource_spans=[resource_spans]).SerializeToString()


def a_span(service: str, name: str, number: int, parent: int = 0, at: float = 0, ms: float = 10) -> spans.Span:
    [span] = spans.read_otlp(payload(service, wire_span(name, number, parent, at, ms)))
    return span

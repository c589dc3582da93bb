"""Log lines that programs can read, and traces that go on across services."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

import shared.telemetry
from shared.settings import Settings
from shared.telemetry import JsonLines, span, start_logging, start_tracing, traceparent

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(autouse=True)
def tracing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    provider = TracerProvider()
    monkeypatch.setattr(shared.telemetry, "tracer", provider.get_tracer("test"))
    yield
    provider.shutdown()


def line_of(message: str, *args: object, **more: object) -> dict[str, object]:
    record = logging.LogRecord("shared.bus", logging.WARNING, "bus.py", 7, message, args, None)
    record.__dict__.update(more)
    text = JsonLines("triage").format(record)
    assert "\n" not in text
    parsed: dict[str, object] = json.loads(text)
    return parsed


def test_a_log_line_is_one_json_object_with_its_service_and_fields() -> None:
    line = line_of("parked %s\nafter %d tries", "报表", 7, fields={"ticket.id": "T-1"})
    assert line.pop("time")
    assert line == {
        "level": "WARNING",
        "service": "triage",
        "logger": "shared.bus",
        "message": "parked 报表\nafter 7 tries",
        "ticket.id": "T-1",
    }


def test_a_log_line_carries_the_trace_that_it_belongs_to() -> None:
    with span("process ticket.linked", SpanKind.CONSUMER, PARENT):
        assert line_of("x")["trace"] == "0af7651916cd43dd8448eb211c80319c"
    assert "trace" not in line_of("x")


def test_a_log_line_carries_the_error_with_its_traceback() -> None:
    try:
        raise RuntimeError("burnt")
    except RuntimeError:
        line = line_of("failed", exc_info=sys.exc_info())
    assert "RuntimeError: burnt" in str(line["error"])
    assert "test_telemetry.py" in str(line["error"])


def test_logging_is_started_with_json_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers)
    monkeypatch.setattr(root, "level", root.level)
    start_logging("kb", Settings(log_level="INFO"))
    logging.getLogger("services.kb").info("ready")
    line = json.loads(capsys.readouterr().err)
    assert (line["service"], line["message"], line["level"]) == ("kb", "ready", "INFO")


def test_a_span_continues_the_trace_of_its_parent_and_hands_it_on() -> None:
    with span("process", SpanKind.CONSUMER, PARENT, **{"ticket.id": "T-1"}):
        version, trace, parent, flags = traceparent().split("-")
    assert (version, trace, flags) == ("00", "0af7651916cd43dd8448eb211c80319c", "01")
    assert parent != "b7ad6b7169203331"


def test_a_span_without_a_parent_begins_a_trace() -> None:
    with span("publish", SpanKind.PRODUCER, PARENT), span("sweep", SpanKind.PRODUCER, ""):
        assert "0af7651916cd43dd8448eb211c80319c" not in traceparent()


def test_without_a_receiver_nothing_is_traced() -> None:
    assert start_tracing("kb", Settings(otlp_url="")) is None


def test_in_a_trace_that_is_not_sampled_the_place_is_kept_and_no_span_is_made() -> None:
    unsampled = f"{PARENT[:-2]}00"
    with span("process ticket.linked", SpanKind.CONSUMER, unsampled) as nothing:
        assert not nothing.is_recording()
        assert traceparent() == unsampled

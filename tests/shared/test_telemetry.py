"""Log lines that programs can read, and traces that go on across services."""

import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

import shared.telemetry
from shared.settings import Settings
from shared.telemetry import OURS, TICKET, JsonLines, about_ticket, span, start_logging, start_tracing, traceparent

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


def test_a_line_is_found_by_the_id_of_its_request_whatever_its_digits_look_like() -> None:
    request = "8b03fcbaab85421593204575e008255f"
    line = line_of("POST", fields={"request": request, "event": "9" * 32, "kind": "call 13800138000"})
    assert (line["request"], line["event"]) == (request, "9" * 32)
    assert "13800138000" not in str(line["kind"])


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


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Logging as a process does it, until the end of the test."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers)
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for name in OURS:
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
    yield lambda: start_logging("kb", Settings(log_level="DEBUG"))
    logging.captureWarnings(False)


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_logging_is_started_with_json_lines(start: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    start()
    logging.getLogger("services.kb").info("ready")
    [line] = lines_of(capsys)
    assert (line["service"], line["message"], line["level"]) == ("kb", "ready", "INFO")


def test_libraries_do_not_tell_what_they_work_on(start: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    start()
    for name in ("pymongo.command", "httpx2", "mail.log", "asyncio"):
        logging.getLogger(name).info("GET https://api.example/token?secret=%s", "hunter2")
        logging.getLogger(name).warning("slow")
    assert [(line["logger"], line["message"]) for line in lines_of(capsys)] == [
        ("pymongo.command", "slow"),
        ("httpx2", "slow"),
        ("mail.log", "slow"),
        ("asyncio", "slow"),
    ]


def test_what_ends_the_process_is_a_line_too_without_what_it_is_about(
    start: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    start()
    error = KeyError("hunter2")
    sys.excepthook(KeyError, error, None)
    warnings.showwarning(UserWarning("old"), UserWarning, "x.py", 1)
    end, warning = lines_of(capsys)
    assert (end["level"], end["message"]) == ("CRITICAL", "the process ends: KeyError: …")
    assert "hunter2" not in str(end)
    assert (warning["logger"], warning["level"]) == ("py.warnings", "WARNING")


def test_a_line_that_cannot_be_made_is_told_without_its_words(
    start: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    start()
    logging.getLogger("services.kb").info("%d articles", "hunter2")
    [line] = lines_of(capsys)
    assert (line["level"], line["logger"]) == ("ERROR", "services.kb")
    assert str(line["message"]).startswith("a line was not written: test_telemetry.py:")
    assert "hunter2" not in str(line)


def test_a_task_that_nobody_waited_for_is_told_without_its_error() -> None:
    record = logging.LogRecord(
        "asyncio", logging.ERROR, "x.py", 7, "never retrieved\nfuture: KeyError('hunter2')", (), None
    )
    assert json.loads(JsonLines("kb").format(record))["message"] == "never retrieved"


def test_only_numbers_of_tickets_mark_a_span() -> None:
    provider, memory = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(memory))
    for number in ("TK-2026-000001", "hunter2", "TK-2026-000001 wang@huadong.example"):
        with provider.get_tracer("test").start_as_current_span(number):
            about_ticket(number)
    assert [dict(one.attributes or {}) for one in memory.get_finished_spans()] == [{TICKET: "TK-2026-000001"}, {}, {}]
    provider.shutdown()


def test_a_span_continues_the_trace_of_its_parent_and_hands_it_on() -> None:
    with span("process", SpanKind.CONSUMER, PARENT, **{"ticket.id": "T-1"}):
        version, trace_id, parent, flags = traceparent().split("-")
    assert (version, trace_id, flags) == ("00", "0af7651916cd43dd8448eb211c80319c", "01")
    assert parent != "b7ad6b7169203331"


def test_a_span_without_a_parent_begins_a_trace() -> None:
    with span("publish", SpanKind.PRODUCER, PARENT), span("sweep", SpanKind.PRODUCER, ""):
        assert "0af7651916cd43dd8448eb211c80319c" not in traceparent()


def test_without_a_receiver_nothing_is_traced_and_lines_have_their_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[TracerProvider] = []
    monkeypatch.setattr(trace, "set_tracer_provider", chosen.append)
    assert start_tracing("kb", Settings(otlp_url="")) is None
    with chosen[0].get_tracer("test").start_as_current_span("GET") as nothing:
        assert not nothing.is_recording()
        assert len(str(line_of("x")["trace"])) == 32


def test_in_a_trace_that_is_not_sampled_the_place_is_kept_and_no_span_is_made() -> None:
    unsampled = f"{PARENT[:-2]}00"
    with span("process ticket.linked", SpanKind.CONSUMER, unsampled) as nothing:
        assert not nothing.is_recording()
        assert traceparent() == unsampled

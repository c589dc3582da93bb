"""What is kept of a request in logs and traces: no link that acts for a customer, no search words, no content."""

import asyncio
import io
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import nats
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.links import Link, Links
from shared.masking import MaskingExporter, masked, redacted, traceback_of
from shared.telemetry import JsonLines, record_failure
from shared.testing import ISSUER, SECRET, Servers
from tests.servers import SCRIPTS, free_port, process

TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1LXdhbmcifQ.c2lnbmF0dXJl-_"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"GET /links/{TOKEN} failed", "GET /links/… failed"),
        (f"http://desk/links/{TOKEN}?x=1", "http://desk/links/…?x=1"),
        ("/links/s3cret", "/links/…"),
        ("POST /channels/ding-4f1c@2b:7a", "POST /channels/…"),
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer …"),
        (f"('{TOKEN}',)", "('…',)"),
        (f"?stream_ticket=stream_{'0a' * 32}&after=1", "?stream_ticket=…&after=1"),
        ("a stream_ticket", "a stream_ticket"),
        ("/tickets/TK-2026-000001/links", "/tickets/TK-2026-000001/links"),
        ("报表打不开", "报表打不开"),
        ("eyJust a word", "eyJust a word"),
    ],
)
def test_tokens_are_masked_wherever_they_stand(text: str, kept: str) -> None:
    assert masked(text) == kept


class Ticket(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int
    words: dict[str, int] = {}


def broken() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Ticket.model_validate({"number": "hunter2", "words": {"hunter2": "hunter2"}})
    return caught.value


def test_an_error_tells_the_place_of_a_value_and_not_the_value() -> None:
    assert redacted(broken()) == "2 wrong values in Ticket: number, words"
    assert redacted(RuntimeError(f"no {TOKEN}")) == "no …"
    for said, shown in (
        ("'utf-8' codec can't decode byte 0xff", "… codec can't decode byte 0xff"),
        (r"invalid literal: 'a\'secret' of b'secret'", "invalid literal: … of b…"),
        ('not closed: "secret', "not closed: …"),
        (r"not closed: 'secret\\'", "not closed: …"),
        ("没有“王芳”，也没有「李」", "没有…，也没有…"),
    ):
        assert redacted(ValueError(said)) == shown
    assert len(redacted(RuntimeError("x" * 100_000))) == 500


def test_a_traceback_tells_no_values_however_deep() -> None:
    def deep() -> None:
        try:
            raise broken()
        except ValidationError as error:
            raise ExceptionGroup("several", [RuntimeError(f"/links/{TOKEN}")]) from error

    with pytest.raises(ExceptionGroup) as caught:
        deep()
    text = traceback_of(caught.value)
    assert "in deep" in text
    assert "ValidationError: 2 wrong values in Ticket: number, words" in text
    assert "RuntimeError: /links/…" in text
    assert "hunter2" not in text.replace('"hunter2"', "")  # the line of code that stands above


def logged(message: str, *args: object, error: BaseException | None = None) -> str:
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(JsonLines("intake"))
    info = (type(error), error, error.__traceback__) if error else None
    handler.handle(logging.LogRecord("shared.bus", logging.ERROR, "bus.py", 7, message, args, info))
    return output.getvalue()


def test_a_log_line_is_masked() -> None:
    line = logged("%s %s: %s", "GET", f"/links/{TOKEN}", broken())
    assert json.loads(line)["message"] == "GET /links/…: 2 wrong values in Ticket: number, words"
    assert "number" in json.loads(logged("dead letter", error=broken()))["error"]
    for line in (logged("dead letter", error=broken()), logged(f"at /links/{TOKEN}", error=RuntimeError(TOKEN))):
        assert TOKEN not in line
        assert "input_value" not in line


@pytest.fixture
def exported() -> Iterator[tuple[TracerProvider, InMemorySpanExporter]]:
    provider, memory = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(MaskingExporter(memory)))
    yield provider, memory
    provider.shutdown()


def test_a_span_is_masked(exported: tuple[TracerProvider, InMemorySpanExporter]) -> None:
    provider, memory = exported
    about: dict[str, str | int] = {
        "url.path": f"/links/{TOKEN}",
        "url.query": "q=wh1sper",
        "url.full": f"http://desk/links/{TOKEN}?q=wh1sper",
        "http.target": f"/links/{TOKEN}?q=wh1sper",
        "http.route": "/links/{token}",
        "http.response.status_code": 200,
        "ticket.id": "TK-2026-000001",
    }
    with provider.get_tracer("test").start_as_current_span(f"GET /links/{TOKEN}", attributes=about) as span:
        record_failure(span, broken())
    [kept] = memory.get_finished_spans()
    assert kept.name == "GET /links/…"
    assert dict(kept.attributes or {}) == {
        "url.full": "http://desk/links/…",
        "http.target": "/links/…",
        "http.route": "/links/{token}",
        "http.response.status_code": 200,
        "ticket.id": "TK-2026-000001",
    }
    [event] = kept.events
    assert event.name == "exception"
    said = dict(event.attributes or {})
    assert said["exception.type"] == "pydantic_core._pydantic_core.ValidationError"
    assert "hunter2" not in str(said["exception.message"])
    assert "input_value" not in str(said["exception.stacktrace"])
    assert kept.get_span_context() == span.get_span_context()
    assert not kept.status.is_ok


# ---- a whole service


class Receiver:
    """Takes OTLP on a socket."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        receiver = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = ExportTraceServiceRequest()
                request.ParseFromString(self.rfile.read(int(self.headers["content-length"])))
                for resource in request.resource_spans:
                    for scope in resource.scope_spans:
                        receiver.spans += scope.spans
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def text(self) -> str:
        return "".join(map(str, self.spans))

    async def of(self, route: str, count: int) -> None:
        async with asyncio.timeout(20):
            while sum(route in span.name for span in self.spans) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield receiver
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


@asynccontextmanager
async def service(
    name: str, servers: Servers, mongo_url: str, otlp: str, log: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """One service as a process of its own, with its log in a file."""
    port, prefix = free_port(), f"t{os.urandom(5).hex()}"
    env = {
        "BIHUAN_MONGO_URL": mongo_url,
        "BIHUAN_NATS_URL": servers.nats_url,
        "BIHUAN_PREFIX": prefix,
        "BIHUAN_JWKS": str(servers.jwks),
        "BIHUAN_ISSUER": ISSUER,
        "BIHUAN_LINK_SECRET": SECRET,
        "BIHUAN_OTLP_URL": otlp,
    }
    command = [*(sys.executable, "-m", "uvicorn", "--factory", f"services.{name}.app:create_app"), "--port", str(port)]
    headers = {"Authorization": f"Bearer {servers.token('l-qian', 'lead', 'admin')}", "X-Prefix": prefix}
    try:
        with process(command, port, log, **env):
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
                yield client
    finally:
        connection = await nats.connect(servers.nats_url)
        for stream in await connection.jetstream().streams_info():
            if str(stream.config.name).startswith(prefix.upper()):
                await connection.jetstream().delete_stream(str(stream.config.name))
        await connection.close()


async def test_no_link_is_told_by_a_service_also_while_its_store_is_away(
    servers: Servers, receiver: Receiver, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "intake.log"
    command = [str(SCRIPTS / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--storage-path", str(tmp_path / "mongo"), "--cache-size", "64M"]
    url = f"mongodb://127.0.0.1:{port}/?retryWrites=false&serverSelectionTimeoutMS=1000"
    link = Link("TK-2026-000001", "accept_solution", "u-1", "王敏", "zh", "n-1")
    token = Links(SECRET, "").url(link, datetime.now(UTC), timedelta(days=1)).rpartition("/")[2]
    with ExitStack() as mongo:
        mongo.enter_context(process(command, port, tmp_path / "mongo.log"))
        async with service("intake", servers, url, receiver.url, log) as client:
            statuses = [(await client.get(f"/links/{one}")).status_code for one in (token, "s3cret")]
            mongo.close()
            statuses.append((await client.get(f"/links/{token}")).status_code)
            statuses.append((await client.post(f"/links/{token}")).status_code)
            await receiver.of("/links/{token}", 4)
    assert statuses == [404, 404, 503, 503]
    events_of = log.read_text("utf-8")
    assert "/links/{token}: a server is away" in events_of
    for secret in (token, token.split(".")[2], "s3cret"):
        assert secret not in events_of
        assert secret not in receiver.text


async def test_no_search_words_and_no_malformed_content_are_told(
    servers: Servers, receiver: Receiver, tmp_path: Path
) -> None:
    log = tmp_path / "kb.log"
    async with service("kb", servers, servers.mongo_url, receiver.url, log) as client:
        found = await client.get("/v1/articles", params={"q": "wh1sper wörds"})
        connection = await nats.connect(servers.nats_url)
        prefix = client.headers["x-prefix"]
        event = {"specversion": "1.0", "id": "e-1", "type": "bihuan.ticket.completed.v1", "source": "x"}
        rubbish = [b"wh1sper", b'{"wh1sper": 1}', json.dumps({**event, "data": {"rounds": "wh1sper"}}).encode()]
        for body in rubbish:
            await connection.jetstream().publish(f"{prefix}.ticket.completed.v1", body)
        await connection.close()
        async with asyncio.timeout(20):
            while log.read_text("utf-8").count("dead letter: ") < len(rubbish):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await receiver.of("/v1/articles", 1)
    assert found.status_code == 200
    events_of = log.read_text("utf-8")
    assert "dead letter" in events_of
    assert "wh1sper" not in events_of
    assert "wh1sper" not in receiver.text

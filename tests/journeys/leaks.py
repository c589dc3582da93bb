"""Secrets that a test knows, and what operators read: log lines, spans, figures."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from opentelemetry.instrumentation.pymongo import PymongoInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY, generate_latest

import shared.service
import shared.telemetry
from shared.masking import MaskingExporter
from shared.settings import Settings
from shared.telemetry import start_logging

BETWEEN = re.compile(r"(?<=\d)[ -](?=\d)")
MARKS = re.compile("wh1sper|qorvex|zhyl[0-9]|1397021|tkq9zz", re.IGNORECASE)  # what every secret of a kind has
KINDS = ("text", "name", "address", "phone", "token")


@dataclass
class Seeds:
    """What each of them is, and that each is another."""

    sown: dict[str, str] = field(default_factory=dict)

    def _sow(self, kind: str, pattern: str) -> str:
        seed = pattern.format(f"{len(self.sown):04d}")
        assert seed not in self.sown
        self.sown[seed] = kind
        return seed

    def text(self) -> str:
        return self._sow("text", "龙舟赛wh1sper{0}那件事")

    def name(self) -> str:
        return self._sow("name", "欧阳Qorvex{0}")

    def address(self) -> str:
        return self._sow("address", "zhyl{0}@vault{0}.example")

    def phone(self) -> str:
        return self._sow("phone", "1397021{0}")

    def token(self) -> str:
        return self._sow("token", "tkQ9zZ{0}x7Lw2pVb")

    @property
    def counts(self) -> dict[str, int]:
        return {kind: [*self.sown.values()].count(kind) for kind in KINDS}

    def found_in(self, text: str) -> list[str]:
        """Those that stand in it, also as JSON or an address writes them, and numbers however they are divided."""
        plain = BETWEEN.sub("", text).lower()
        forms = {seed: {form.lower() for form in (seed, json.dumps(seed)[1:-1], quote(seed))} for seed in self.sown}
        return [seed for seed in self.sown if any(form in plain for form in forms[seed])]

    def traces_in(self, text: str) -> list[str]:
        """What stands around parts of any of them, in whatever way they are written."""
        plain = BETWEEN.sub("", text)
        return [plain[max(one.start() - 200, 0) : one.end() + 200] for one in MARKS.finditer(plain)]

    def around(self, text: str) -> str:
        """Where the first of them stands, for who looks for the cause."""
        found = next(iter(self.found_in(text)), "")
        at = text.find(found)
        return f"{found}: {text[max(at - 300, 0) : at + 300]}"


@dataclass
class Told:
    """What was written for operators while the block ran."""

    log: io.StringIO
    spans: InMemorySpanExporter

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Raises ValueError for one that is not JSON."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    @property
    def traces(self) -> str:
        return "\n".join(span.to_json() for span in self.spans.get_finished_spans())

    @property
    def figures(self) -> str:
        return generate_latest(REGISTRY).decode()


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Log and trace as a service process does, at the most talkative of its levels."""
    provider, spans = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(MaskingExporter(spans)))
    monkeypatch.setattr(shared.telemetry, "tracer", provider.get_tracer("bihuan"))
    monkeypatch.setitem(shared.service.TELEMETRY, "tracer_provider", provider)
    root = logging.getLogger()
    before = (root.handlers, root.level)
    start_logging("desk", Settings(log_level="DEBUG"))
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    log = io.StringIO()
    handler.setStream(log)
    driver = PymongoInstrumentor()
    driver.instrument(tracer_provider=provider)
    try:
        yield Told(log, spans)
    finally:
        driver.uninstrument()
        logging.captureWarnings(False)
        root.handlers, root.level = before
        for name in shared.telemetry.OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)
        provider.shutdown()

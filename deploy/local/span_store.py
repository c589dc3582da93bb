"""Spans of the last days in SQLite, found by trace and by ticket."""

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.spans import Span

KEEP_SECONDS = 3 * 24 * 3600
KEEP_SPANS = 500_000
SPANS_PER_TRACE = 5000
TICKET = "ticket.id"

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -4000;
CREATE TABLE IF NOT EXISTS spans (
    id INTEGER PRIMARY KEY,
    trace_id TEXT, span_id TEXT, parent_id TEXT, service TEXT, name TEXT, kind TEXT,
    start_us INTEGER, end_us INTEGER, error INTEGER, message TEXT, attributes TEXT, events TEXT,
    UNIQUE (trace_id, span_id)
);
CREATE TABLE IF NOT EXISTS traces (trace_id TEXT PRIMARY KEY, start_us INTEGER, end_us INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS traces_by_end ON traces (end_us);
CREATE TABLE IF NOT EXISTS tickets (
    ticket TEXT, trace_id TEXT, end_us INTEGER, PRIMARY KEY (ticket, trace_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tickets_by_end ON tickets (end_us);
"""
COLUMNS = "trace_id, span_id, parent_id, service, name, kind, start_us, end_us, error, message, attributes, events"


@dataclass(frozen=True)
class TraceLine:
    """One trace in a list."""

    trace_id: str
    service: str
    name: str
    start_us: int
    end_us: int
    spans: int
    errors: int


@dataclass(frozen=True)
class TicketLine:
    ticket: str
    traces: int
    end_us: int


class SpanStore:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        self._db.close()

    def add(self, spans: Iterable[Span]) -> None:
        """Spans already here are left as they are: exporters repeat what was not acknowledged."""
        spans = list(spans)
        traces: dict[str, tuple[int, int]] = {}
        tickets: dict[tuple[str, str], int] = {}
        for span in spans:
            start, end = traces.get(span.trace_id, (span.start_us, span.end_us))
            traces[span.trace_id] = min(start, span.start_us), max(end, span.end_us)
            ticket = span.attributes.get(TICKET)
            if ticket:
                key = str(ticket), span.trace_id
                tickets[key] = max(tickets.get(key, 0), span.end_us)
        with self._db as db:
            db.executemany(
                f"INSERT OR IGNORE INTO spans ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                map(_row, spans),
            )
            db.executemany(
                "INSERT INTO traces VALUES (?,?,?) ON CONFLICT DO UPDATE "
                "SET start_us = min(start_us, excluded.start_us), end_us = max(end_us, excluded.end_us)",
                [(trace_id, start, end) for trace_id, (start, end) in traces.items()],
            )
            db.executemany(
                "INSERT INTO tickets VALUES (?,?,?) ON CONFLICT DO UPDATE SET end_us = max(end_us, excluded.end_us)",
                [(*key, end) for key, end in tickets.items()],
            )

    def trace(self, trace_id: str) -> list[Span]:
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM spans WHERE trace_id = ? ORDER BY start_us LIMIT ?",  # noqa: S608
            (trace_id, SPANS_PER_TRACE),
        )
        return [_span(row) for row in rows]

    def ticket(self, number: str, limit: int = 100) -> list[list[Span]]:
        """The ticket's traces, oldest first; of very many, the latest ones."""
        rows = self._db.execute(
            "SELECT trace_id FROM tickets JOIN traces USING (trace_id) WHERE ticket = ? "
            "ORDER BY traces.start_us DESC LIMIT ?",
            (number, limit),
        ).fetchall()
        return [self.trace(trace_id) for (trace_id,) in reversed(rows)]

    def recent_tickets(self, limit: int = 50) -> list[TicketLine]:
        rows = self._db.execute(
            "SELECT ticket, count(*), max(end_us) FROM tickets GROUP BY ticket ORDER BY 3 DESC LIMIT ?", (limit,)
        )
        return [TicketLine(*row) for row in rows]

    def recent_traces(self, limit: int = 50) -> list[TraceLine]:
        traces = self._db.execute("SELECT * FROM traces ORDER BY end_us DESC LIMIT ?", (limit,)).fetchall()
        lines = []
        for trace_id, start_us, end_us in traces:
            service, name = self._db.execute(
                "SELECT service, name FROM spans WHERE trace_id = ? ORDER BY parent_id <> '', start_us LIMIT 1",
                (trace_id,),
            ).fetchone() or ("?", "?")
            spans, errors = self._db.execute(
                "SELECT count(*), coalesce(sum(error), 0) FROM spans WHERE trace_id = ?", (trace_id,)
            ).fetchone()
            lines.append(TraceLine(trace_id, service, name, start_us, end_us, spans, errors))
        return lines

    def prune(self, now: float | None = None) -> None:
        """Forget traces that ended days ago, and the oldest beyond what fits."""
        oldest = int(((time.time() if now is None else now) - KEEP_SECONDS) * 1e6)
        with self._db as db:
            db.execute("DELETE FROM spans WHERE trace_id IN (SELECT trace_id FROM traces WHERE end_us < ?)", (oldest,))
            db.execute("DELETE FROM spans WHERE id <= (SELECT max(id) FROM spans) - ?", (KEEP_SPANS,))
            db.execute("DELETE FROM traces WHERE NOT EXISTS (SELECT 1 FROM spans WHERE trace_id = traces.trace_id)")
            db.execute("DELETE FROM tickets WHERE trace_id NOT IN (SELECT trace_id FROM traces)")


def _row(span: Span) -> tuple[object, ...]:
    return (
        *(span.trace_id, span.span_id, span.parent_id, span.service, span.name, span.kind),
        *(span.start_us, span.end_us, int(span.error), span.message),
        json.dumps(span.attributes, ensure_ascii=False),
        json.dumps(span.events, ensure_ascii=False) if span.events else "[]",
    )


def _span(row: tuple[Any, ...]) -> Span:
    fields = dict(zip(COLUMNS.split(", "), row, strict=True))
    fields |= {"error": bool(fields["error"])}
    fields |= {name: json.loads(fields[name]) for name in ("attributes", "events")}
    return Span(**fields)

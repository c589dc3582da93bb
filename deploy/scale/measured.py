"""What one ticket costs, as `python -m tests.bench.sizing` counted it, and what was measured elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("measured.json")
# docs/benchmarks.md, `process_per_s`: milliseconds of one core for a whole process, on the machine named there.
CPU_MS = {"intake": 64.0, "triage": 107.0, "sla": 69.0, "kb": 20.0, "notify": 74.0}
SERVICES = tuple(CPU_MS)  # those that were measured
EMBEDDED_MS = 425.0  # of the embedded MongoDB, for the same; it has one core
# One stream of three copies on three processes of that machine, 64 publishers at once; each event acknowledged.
NATS_EVENTS_PER_S = 11_800
WRITING = {"insert", "update", "findAndModify", "delete", "cleared"}


@dataclass(frozen=True)
class Store:
    """What one ticket leaves in a collection: documents, their bytes, bytes of their index entries."""

    documents: float
    bytes: float
    index_bytes: float


@dataclass(frozen=True)
class Cost:
    """Of one ticket: events and their bytes in the stream, statements by service, what stays in each collection."""

    events: float
    stream_bytes: float
    reads: Mapping[str, float]
    writes: Mapping[str, float]
    stores: Mapping[str, Store]


@dataclass(frozen=True)
class Measured:
    stories: Mapping[str, Cost]
    catalog_ms: float


def load() -> Measured:
    told = json.loads(FILE.read_text(encoding="utf-8"))
    stories = {name: _cost(one) for name, one in told["stories"].items()}
    return Measured(stories, told["catalog_ms"])


def _cost(told: dict[str, Any]) -> Cost:
    statements: dict[str, dict[str, float]] = told["statements"]
    return Cost(
        sum(told["events"].values()),
        told["stream_bytes"],
        {name: sum(n for word, n in of.items() if word not in WRITING) for name, of in statements.items()},
        {name: sum(n for word, n in of.items() if word in WRITING) for name, of in statements.items()},
        {name: Store(*sizes) for name, sizes in told["documents"].items() if sizes[0]},
    )


def mean(stories: Mapping[str, Cost], mix: Mapping[str, float]) -> Cost:
    """Of a ticket when these shares of all tickets are of each kind."""
    if abs(sum(mix.values()) - 1) > 1e-9:
        raise ValueError("the shares of all kinds must add up to 1")

    def over(value: Any) -> float:
        return float(sum(share * value(stories[name]) for name, share in mix.items()))

    nothing = Store(0, 0, 0)
    names = sorted({name for one in stories.values() for name in one.stores})
    return Cost(
        over(lambda one: one.events),
        over(lambda one: one.stream_bytes),
        {service: over(lambda one, s=service: one.reads.get(s, 0)) for service in SERVICES},
        {service: over(lambda one, s=service: one.writes.get(s, 0)) for service in SERVICES},
        {
            name: Store(
                *(over(lambda one, n=name, f=field: getattr(one.stores.get(n, nothing), f)) for field in FIELDS)
            )
            for name in names
        },
    )


FIELDS = ("documents", "bytes", "index_bytes")

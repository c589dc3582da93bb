"""What a deployment runs into, in the order in which it does: each limit as tickets a year at which it is reached."""

from dataclasses import dataclass

from deploy.scale.demand import DAYS, Demand
from deploy.scale.measured import CPU_MS, EMBEDDED_MS, NATS_EVENTS_PER_S, Cost, Measured

KEPT_DAYS = 90  # what the bus remembers
STREAM_BYTES = 2 * 1024**3  # BIHUAN_NATS_MAX_BYTES as it comes
REPLAY_DAYS = 7  # of events that a rebuild or a late consumer should find at least
START = 600  # seconds that a start may take
DISK = 2 * 1024**4  # of one replica set
STATEMENTS_PER_S = 5_000  # of one replica set: assumed, not measured here
CORE = 0.7


@dataclass(frozen=True)
class Limit:
    what: str
    tickets: float  # a year
    then: str


def limits(demand: Demand, cost: Cost, measured: Measured) -> list[Limit]:
    """The nearest first."""
    year = demand.tickets
    peak = demand.busiest_hour / year  # tickets a second in the fullest hour, of each ticket a year
    all_statements = {name: cost.reads[name] + cost.writes[name] for name in CPU_MS}
    busiest = max(all_statements, key=lambda name: all_statements[name])
    slowest = max(CPU_MS, key=lambda name: CPU_MS[name])
    per_ticket = sum(store.bytes + store.index_bytes for store in cost.stores.values())
    largest = max(cost.stores, key=lambda name: cost.stores[name].bytes)
    kept = cost.stores[largest]
    files = demand.attached * demand.attachment_bytes
    found = [
        Limit(
            f"the stream's {_gb(STREAM_BYTES)} as it comes hold {REPLAY_DAYS} days",
            STREAM_BYTES / cost.stream_bytes / REPLAY_DAYS * DAYS,
            "BIHUAN_NATS_MAX_BYTES to what 90 days need",
        ),
        Limit(
            f"kb's index of one year is built in {START} s by a replica that has none",
            START * 1000 / measured.catalog_ms,
            "keep its folder",
        ),
        Limit("the embedded MongoDB in the fullest hour", 1000 / EMBEDDED_MS / peak, "a MongoDB, three nodes"),
        Limit(
            f"one process of {slowest} in the fullest hour",
            CORE * 1000 / CPU_MS[slowest] / peak,
            "more processes",
        ),
        Limit(
            f"{STATEMENTS_PER_S:,} statements a second of one replica set for all five services",
            STATEMENTS_PER_S / sum(all_statements.values()) / peak,
            "a replica set for each service",
        ),
        Limit(
            f"the same for {busiest} alone",
            STATEMENTS_PER_S / all_statements[busiest] / peak,
            f"shard {busiest}",
        ),
        Limit(
            f"{NATS_EVENTS_PER_S:,} events a second of one stream of three copies",
            NATS_EVENTS_PER_S / cost.events / peak,
            "partitioned subjects, a stream for each part",
        ),
        Limit(f"one year of everything but files on {_gb(DISK)}", DISK / per_ticket, "archive, then shard"),
        Limit(f"one year of {largest} on {_gb(DISK)}", DISK / (kept.bytes + kept.index_bytes), "let it expire"),
        Limit(f"one year of attachments on {_gb(DISK)}", DISK / files, "object storage, or shard the chunks"),
    ]
    return sorted(found, key=lambda one: one.tickets)


def _gb(size: float) -> str:
    return f"{size / 1024**3:,.0f} GiB"

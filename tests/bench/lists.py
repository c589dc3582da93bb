"""What one person waits for who opens a ticket or the queue, with many tickets in the store."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from services.intake.tickets.store import Tickets
from services.triage.work.store import WorkItems
from shared.mongo import Database
from shared.outbox import Outgoing, Sender
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.bench.samples import customer, document, handled, past, work_items
from tests.bench.searches import build_index
from tests.bench.wire import Connection, request

MANY = 20_000
OPEN = 6_000
LONGEST = 12.0  # seconds
BURST = 2_000  # tickets, 20 a second


async def lists(desk: Desk) -> None:
    await desk.fill("intake", "ticket", lambda now: handled(past(MANY, now)))
    await desk.fill("triage", "workitem", lambda now: work_items(MANY, OPEN, now))
    await plans(desk)
    count = 60 if desk.quick else 300
    year = datetime.now(UTC).year - 1
    tickets = [f"/v1/tickets/TK-{year}-{(n * 61) % MANY + 1:06d}" for n in range(count)]
    await measure(desk, "get_p95_ms", "intake", tickets)
    await measure(desk, "list_p95_ms", "triage", ["/v1/queue"] * count)
    await measure(desk, "list_filtered_p95_ms", "triage", ["/v1/queue?queue=function&assignee="] * count)
    await measure(desk, "list_due_p95_ms", "triage", ["/v1/queue?sort=due"] * count)
    await measure(desk, "list_due_filtered_p95_ms", "triage", ["/v1/queue?sort=due&queue=function&assignee="] * count)
    await measure(desk, "list_newest_p95_ms", "intake", ["/v1/tickets"] * count)
    await measure(desk, "list_newest_filtered_p95_ms", "intake", ["/v1/tickets?status=pending"] * count)
    await filters(desk, count // 3)
    await desk.fill("intake", "ticket", burst)
    await measure(desk, "list_after_burst_p95_ms", "intake", ["/v1/tickets"] * count)


async def filters(desk: Desk, count: int) -> None:
    """The newest tickets by any one filter, and how much longer the slowest of them takes than without."""
    who, since = customer(7), f"{datetime.now(UTC) - timedelta(days=90):%Y-%m-%dT%H:%M:%SZ}"
    asked = {
        "status": "completed",
        "stage": "diagnosis",
        "waiting_for": "customer_information",
        "category": "data",
        "priority": "urgent",
        "customer": who.sub,
        "company": quote(who.company or ""),
        "assignee": "e-07",
        "opened_before": since,
        "sort": "oldest",
    }
    plain = desk.figures.value("list_newest_p95_ms")
    slowest = 0.0
    for name, value in asked.items():
        figure = f"list_newest_by_{name}_p95_ms"
        await measure(desk, figure, "intake", [f"/v1/tickets?{name}={value}"] * count)
        slowest = max(slowest, desk.figures.value(figure))
    desk.figures.add("list_slowest_filter_to_plain", slowest / plain, "")
    await orders(desk, count, plain)


async def orders(desk: Desk, count: int, plain: float) -> None:
    """The orders that the index knows, with and without filters, and the slowest of them."""
    connection = await Connection.open(desk.stack.service_url("intake"))
    await build_index(desk, connection)
    connection.close()
    slowest = 0.0
    for order in ("updated", "priority"):
        for asked in (
            "",
            "status=completed",
            "priority=urgent",
            "assignee=e-07",
            f"company={quote(customer(7).company or '')}",
        ):
            by = f"_by_{asked.partition('=')[0]}" if asked else ""
            figure = f"list_{order}{by}_p95_ms"
            await measure(desk, figure, "intake", [f"/v1/tickets?sort={order}&{asked}".rstrip("&")] * count)
            slowest = max(slowest, desk.figures.value(figure))
    desk.figures.add("list_slowest_order_to_plain", slowest / plain, "")


def burst(now: datetime) -> list[dict[str, Any]]:
    """Tickets of a burst that ended five minutes ago; nothing came since."""
    at = [now - timedelta(minutes=5, seconds=(BURST - n) / 20) for n in range(BURST)]
    return [document(n, f"TK-{now.year - 1}-9{n:05d}", at[n])[0] for n in range(BURST)]


async def measure(desk: Desk, name: str, service: str, paths: Sequence[str]) -> None:
    """One client, one request after the other, for so long at most."""
    connection = await Connection.open(desk.stack.service_url(service))
    token = desk.stack.token("lead")
    took: list[float] = []
    for path in paths[:5]:
        await connection.ask(request("GET", path, token))
    with desk.window() as window:
        end = time.perf_counter() + LONGEST
        for path in paths:
            if (began := time.perf_counter()) > end:
                break
            status, body = await connection.ask(request("GET", path, token))
            took.append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise RuntimeError(f"{path}: {status} {body[:300]!r}")
    connection.close()
    found = json.loads(body)
    rows = f", {len(found['items'])} rows" if "items" in found else ""
    note = f"{len(took)} times, p50 {percentile(took, 0.5):.1f} ms{rows}, {len(body)} bytes; {window.strangers}"
    desk.figures.add(name, percentile(took, 0.95), "ms", window.per(len(took)), note)


async def plans(desk: Desk) -> None:
    """How the server says that it finds them. Raises when it walks through a whole collection."""

    async def nowhere(_: Outgoing) -> int:
        return 0

    now = datetime.now(UTC)
    sender = Sender("bench", nowhere, lambda: now)
    bases = {name: Database.open(desk.stack.mongo_url, f"bihuan_{name}", desk.driver) for name in ("intake", "triage")}
    tickets = Tickets(bases["intake"], sender, lambda: now)
    work = WorkItems(bases["triage"], sender, lambda: now)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("a ticket", await tickets.explain({"_id": f"TK-{now.year - 1}-000001"})),
        ("the queue", await work.explain({"pressing": {"$gte": "0", "$lte": "9"}})),
        ("a part of the queue", await work.explain({"queue": "function", "pressing": {"$gte": "0", "$lte": "9"}})),
        ("what nobody has of it", await work.explain({"queue": "function", "assignee": "", "pressing": {"$gte": "0"}})),
        ("the queue by deadlines", await work.explain({"due_key": {"$gte": "0", "$lte": "9"}})),
        ("an engineer's by deadlines", await work.explain({"assignee": "e-07", "due_key": {"$gte": "0", "$lte": "9"}})),
        ("newest tickets", await tickets.explain({"opened_at": {"$gt": now - timedelta(days=1), "$lte": now}})),
    ]
    for what, plan in asked:
        stages = list(stages_of(plan))
        print(f"  plan of {what}: {' <- '.join(stages)}")
        if any("COLLSCAN" in stage or stage == "SORT" for stage in stages):
            raise RuntimeError(f"{what} is not found by an index alone: {plan}")
    for base in bases.values():
        await base.close()


def stages_of(plan: dict[str, Any]) -> list[str]:
    name = str(plan.get("stage", "?"))
    if index := plan.get("indexName"):
        name = f"{name}({index})"
    return [name, *(stages_of(plan["inputStage"]) if "inputStage" in plan else [])]

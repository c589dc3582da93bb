"""Tickets of another desk that are taken over in a second, from the start to the last one, and whether that stays so
with many in the store; `BIHUAN_BENCH_TICKETS` says how many are taken over each time."""

import asyncio
import json
import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.desk import Desk
from tests.bench.samples import ANSWER, STORY, TITLES, customer, past
from tests.bench.wire import Connection, request

MANY, FEW = 20_000, 3_000
STORED = 100_000
PART = 400  # tickets, which is what a body has room for
PATH = "/v1/ticket-imports"
WITHIN = 900.0  # seconds


async def imports(desk: Desk) -> None:
    many = int(os.environ.get("BIHUAN_BENCH_TICKETS", FEW if desk.quick else MANY))
    await measure(desk, "import_per_s", "bench-a", many)
    stored = STORED // 10 if desk.quick else STORED
    await desk.fill("intake", "ticket", lambda now: past(stored, now))
    await measure(desk, "import_per_s_stored", "bench-b", many, f", {stored} in the store before")


async def measure(desk: Desk, name: str, source: str, many: int, more: str = "") -> None:
    connection = await Connection.open(desk.stack.service_url("intake"))
    token = desk.stack.token("lead")

    async def ask(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        status, answer = await connection.ask(request(method, f"{PATH}{path}", token, body))
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        found: dict[str, Any] = json.loads(answer)
        return found

    id = (await ask("POST", "", {"source": source, "format": "jsonl"}))["id"]
    parts = [range(at, min(at + PART, many)) for at in range(0, many, PART)]
    began = time.perf_counter()
    for number, part in enumerate(parts, start=1):
        await ask("PUT", f"/{id}/parts/{number}", {"text": "\n".join(json.dumps(row(n)) for n in part)})
    read = many / (time.perf_counter() - began)
    with desk.window() as window:
        began = time.perf_counter()
        await ask("POST", f"/{id}/start", {"parts": len(parts)})
        report = await ask("GET", f"/{id}")
        while report["state"] != "finished":
            if time.perf_counter() > began + WITHIN:
                raise RuntimeError(f"only {report['counts']} after {WITHIN} s")
            await asyncio.sleep(0.5)
            report = await ask("GET", f"/{id}")
        seconds = time.perf_counter() - began
    connection.close()
    if not report["reconciled"] or report["counts"]["created"] != many:
        raise RuntimeError(f"not reconciled: {report['counts']}")
    rest = await desk.rest(600)
    note = f"{many} tickets{more}; looked at {read:.0f}/s before; {rest:.1f} s to rest; {window.strangers}"
    desk.figures.add(name, many / seconds, "1/s", window.per(many), note)


def row(n: int) -> dict[str, Any]:
    person = customer(n)
    opened = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=11 * n)
    return {
        "external_id": str(n),
        "number": f"{100_000 + n}",
        "title": f"{TITLES[n % len(TITLES)]} {n}",
        "description": STORY,
        "state": "closed",
        "company": person.company,
        "contact_name": person.name,
        "contact_email": f"{person.sub}@customer.example",
        "opened_at": opened.isoformat(),
        "closed_at": (opened + timedelta(days=2)).isoformat(),
        "messages": [
            {"name": "客服", "by_staff": True, "at": (opened + timedelta(hours=1)).isoformat(), "text": ANSWER},
        ],
    }

"""What one person waits for who searches among many tickets; `BIHUAN_BENCH_TICKETS` says among how many."""

import asyncio
import json
import os
import time
from datetime import UTC, datetime
from typing import Any

from shared.mongo import Database
from shared.search import Generations
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.bench.processes import pss_mib
from tests.bench.samples import past
from tests.bench.wire import Connection, request

MANY, FEW = 20_000, 2_000
LONGEST = 20.0  # seconds
BUILT_WITHIN = 1800.0
PATH = "/v1/ticket-searches"


async def searches(desk: Desk) -> None:
    many = int(os.environ.get("BIHUAN_BENCH_TICKETS", FEW if desk.quick else MANY))
    intake = desk.stack.processes["intake"].pid
    before = pss_mib(intake)
    await desk.fill("intake", "ticket", lambda now: past(many, now))
    connection = await Connection.open(desk.stack.service_url("intake"))
    built = await build_index(desk, connection)
    grown = (pss_mib(intake) - before) * 1024**2 / many
    desk.figures.add("ticket_search_built_s", built, "s", note=f"{many} tickets, {grown:.0f} bytes of memory a ticket")
    count = 100 if desk.quick else 400
    asked = [_question(n, many) for n in range(count)]
    token = desk.stack.token("lead")
    for body in asked[:10]:
        await connection.ask(request("POST", PATH, token, body))
    took: list[float] = []
    found = 0
    with desk.window() as window:
        end = time.perf_counter() + LONGEST
        for body in asked:
            if (began := time.perf_counter()) > end:
                break
            status, answer = await connection.ask(request("POST", PATH, token, body))
            took.append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise RuntimeError(f"{body}: {status} {answer[:300]!r}")
            found += len(json.loads(answer)["items"])
    connection.close()
    note = f"{len(took)} times among {many}, p50 {percentile(took, 0.5):.1f} ms, {found / len(took):.1f} rows"
    note = f"{note}; {window.strangers}"
    desk.figures.add("ticket_search_p95_ms", percentile(took, 0.95), "ms", window.per(len(took)), note)


async def build_index(desk: Desk, connection: Connection) -> float:
    """Seconds from when it is asked for until the oldest ticket, which comes last, is found."""
    base = Database.open(desk.stack.mongo_url, "bihuan_intake", desk.driver)
    await Generations(base, "ticket").next()
    await base.close()
    oldest = {"text": f"TK-{datetime.now(UTC).year - 1}-000001", "limit": 1}
    began = 0.0
    deadline = time.perf_counter() + BUILT_WITHIN
    while time.perf_counter() < deadline:
        status, answer = await connection.ask(request("POST", PATH, desk.stack.token("lead"), oldest))
        told: dict[str, Any] = json.loads(answer) if status == 200 else {"items": [], "complete": False}
        if not told["complete"] and not began:
            began = time.perf_counter()
        if told["items"] and told["complete"]:
            return time.perf_counter() - began
        await asyncio.sleep(0.25)
    raise RuntimeError(f"the index is not complete after {BUILT_WITHIN:.0f} s")


def _question(n: int, many: int) -> dict[str, Any]:
    """What is asked for often, what is rare, and what every ticket has."""
    number = f"TK-{datetime.now(UTC).year - 1}-{n * 61 % many + 1:06d}"
    kinds: list[dict[str, Any]] = [
        {"text": "导出"},
        {"text": number},
        {"text": f"第{n % 200:03d}贸易"},
        {"text": "进度条走到一半就停住"},
        {"text": "export error"},
        {"text": "0..2 sheet index"},
        {"text": "Win11 闪退", "status": "pending"},
        {"text": "同", "sort": "updated"},
        {"text": "V3.2", "company": f"第{n % 200:03d}贸易有限公司"},
        {"product_version": "V3.2.1", "sort": "oldest"},
    ]
    return kinds[n % len(kinds)]

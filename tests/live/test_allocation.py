"""With several processes, some of them killed: no limit is exceeded, and each ticket has one engineer."""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from shared.events import TriageAssigned
from tests.live import stream
from tests.live.desk import Desk, eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]
LIMITS = {"e-chen": 4, "e-zhou": 3}
TICKETS = 10


async def test_dispatch_keeps_to_limits_while_processes_are_killed(stack: Stack, desk: Desk) -> None:
    await desk.do("lead", "PUT", "v1/teams/default", {"name": "服务台", "dispatch": "push"})
    for sub, limit in LIMITS.items():
        await desk.do("lead", "PUT", f"v1/engineers/{sub}", {"name": sub, "capacity": limit})
        await desk.do("lead", "PUT", f"v1/engineers/{sub}/availability", {"available": True})

    async def open_one(n: int) -> None:
        words = {"title": f"导出报表时程序闪退 {n}", "description": "导出 Excel 时崩溃。"}
        await desk.do("u-wang", "POST", "v1/tickets", words, uuid4().hex)

    async def kill() -> None:
        for process in stack.options.replicas_of("triage"):
            await stack.kill(process)
            await stack.ready(process)

    await asyncio.gather(kill(), *map(open_one, range(TICKETS)))

    async def all_are_busy() -> bool:
        found = await desk.do("lead", "GET", "v1/engineers")
        return {one["id"]: one["open"] for one in found["items"] if one["id"] in LIMITS} == LIMITS

    await eventually(all_are_busy)
    await stream.rest(stack)
    queue = await desk.all("lead", "v1/queue")
    assert Counter(row["assignee"] for row in queue) == Counter({**LIMITS, "": TICKETS - sum(LIMITS.values())})
    told = [event for event in await stream.events(stack) if event["kind"] == TriageAssigned.kind]
    assert {subject for subject, times in Counter(event["subject"] for event in told).items() if times > 1} == set()
    assert all(event["data"]["candidates"] and event["data"]["rule"] == "dispatched" for event in told)

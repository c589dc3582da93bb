"""Many clocks that run out in the same second are all told of, once, none early, the first first, and soon, also while
a process is killed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient

from deploy.local.options import Options
from deploy.local.stack import Stack
from shared.events import Contact, Problem, SlaBreached, TicketOpened
from shared.terms import Channel, Priority
from tests.live import stream
from tests.live.desk import Desk, Json, eventually
from tests.live.sizes import REPLICAS, TIMERS
from tests.live.waits import seconds

pytestmark = [pytest.mark.live, pytest.mark.timeout(480 + TIMERS / 20)]
COMPANY = "急速物流有限公司"
WITH_KILL = TIMERS // 2  # more, that come due while a process is killed
TO_LOAD = timedelta(seconds=60 + (TIMERS + WITH_KILL) // 50)
KNOWN_WITHIN = 3.0  # seconds: every process has read the new policy
WITHIN = 60.0  # seconds from the moment at which they are due to the last one
AT_ONCE = 64
AWAY = 20.0  # seconds: longer than the leases of the one that is killed


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Of the services only sla: nobody else has to do with this."""
    async with Stack(Options(data_dir=tmp_path, services=("sla",), replicas=REPLICAS, trace_ratio=0)) as stack:
        yield stack


async def test_clocks_that_run_out_together_are_told_of_once_in_order_and_soon(stack: Stack, desk: Desk) -> None:
    """Also those that run out while one of the processes is killed."""
    promise = {"amount": TO_LOAD.total_seconds() / 3600, "unit": "hours"}
    targets = {"response": {priority.value: promise for priority in Priority}}
    hurry = {"company": COMPANY, "targets": targets, "ladders": {"response": []}}  # no warnings before
    await desk.do("admin", "PUT", "v1/policies/hurry", hurry)
    await asyncio.sleep(KNOWN_WITHIN)
    begun = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    then = begun + timedelta(seconds=WITHIN)
    moments = [begun + timedelta(milliseconds=1000 * n // TIMERS) for n in range(TIMERS)]
    await open_all(stack, [*moments, *(then + timedelta(milliseconds=1000 * n // WITH_KILL) for n in range(WITH_KILL))])

    def told(count: int) -> Callable[[], Awaitable[bool]]:
        async def are_told() -> bool:
            return await stream.count(stack, SlaBreached) >= count

        return are_told

    await eventually(lambda: all_are_known(stack), TO_LOAD.total_seconds())
    assert datetime.now(UTC) < begun + TO_LOAD, "too slow to have them all before the first is due: nothing is proved"
    await asyncio.sleep(seconds(datetime.now(UTC), begun + TO_LOAD))
    await eventually(told(TIMERS), 10 * WITHIN)
    await eventually(told(TIMERS + WITH_KILL // 20), 2 * WITHIN)
    await stack.kill(stack.options.replicas_of("sla")[-1], down=AWAY)
    assert await stream.count(stack, SlaBreached) < TIMERS + WITH_KILL, "killed when all was over: nothing is proved"
    await eventually(told(TIMERS + WITH_KILL), 10 * WITHIN)
    await stream.rest(stack, services=("sla",))

    found = [event for event in await stream.events(stack) if event["kind"] == SlaBreached.kind]
    assert Counter(event["subject"] for event in found) == Counter(map(number, range(TIMERS + WITH_KILL)))
    assert [event for event in found if event["told_at"] < due_at(event)] == []
    at_once = found[:TIMERS]
    assert {event["subject"] for event in at_once} == {*map(number, range(TIMERS))}
    assert seconds(max(map(due_at, at_once)), at_once[-1]["told_at"]) <= WITHIN
    # Each process goes by time, but one may be faster than the other; without any order it would be half of them.
    first_half = {event["subject"] for event in at_once[: TIMERS // 2]}
    assert len(first_half & {*map(number, range(TIMERS // 2))}) >= 0.6 * (TIMERS // 2)


def due_at(event: Json) -> datetime:
    return datetime.fromisoformat(event["data"]["due_at"])


def number(n: int) -> str:
    return f"TK-2026-{n + 1:06}"


async def open_all(stack: Stack, moments: list[datetime]) -> None:
    """As intake would tell of them."""
    async with stream.bus(stack) as client:
        bus, slots = client.jetstream(), asyncio.Semaphore(AT_ONCE)

        async def tell(event: TicketOpened) -> None:
            async with slots:
                await bus.publish(event.type(), event.to_wire(), headers={"Nats-Msg-Id": event.id}, timeout=20)

        opened = [
            TicketOpened(
                subject=number(n),
                time=at,
                revision=1,
                problem=Problem(title="货单打不开", description="点开货单没有反应。"),
                customer=COMPANY,
                company=COMPANY,
                contact=Contact(name="急先生", sub="u-hurry"),
                channel=Channel.ONLINE,
                taken_by="channel:online",
            )
            for n, at in enumerate(moments)
        ]
        await asyncio.gather(*map(tell, opened))


async def all_are_known(stack: Stack) -> bool:
    async with AsyncMongoClient[Json](stack.mongo_url) as mongo:
        return bool(await mongo["bihuan_sla"]["ticketclocks"].count_documents({}) == TIMERS + WITH_KILL)

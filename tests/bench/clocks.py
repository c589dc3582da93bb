"""How late clocks are told of that come due among very many, how long those take that come due at once, and what
waiting costs. Two processes of sla run; nobody else has to do with it."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from shared.events import SlaBreached
from tests.bench.clock_samples import RunningClocks
from tests.bench.desk import STREAM, Desk
from tests.bench.figures import percentile

OPEN, SPREAD, BURST = 100_000, 2_000, 20_000
MINUTE, SECOND, FAR = timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)
BEFORE = timedelta(seconds=25)  # processes look less far ahead
MOST_TO_FILL = 300  # documents a second
WITHIN = 600.0  # seconds
LOOK_EVERY = 1.0
IDLE = 60.0  # seconds
STEP = 5_000


class Told(NamedTuple):
    ticket: str
    due_at: datetime
    at: datetime

    @property
    def late(self) -> timedelta:
        return self.at - self.due_at


async def clocks(desk: Desk) -> None:
    part = 10 if desk.quick else 1
    samples = RunningClocks()
    for _ in range(0, OPEN // part, STEP):  # in memory at once
        await desk.fill("sla", "ticketclocks", lambda now: samples.due(STEP, now + FAR, MINUTE))
    await idle(desk, IDLE / part)
    await lag(desk, samples, SPREAD // part)
    await burst(desk, samples, BURST // part)


async def idle(desk: Desk, seconds: float) -> None:
    await desk.rest()
    with desk.window() as window:
        await asyncio.sleep(seconds)
    percent = {name: 100 * used / window.seconds for name, used in window.used.items()}
    mine = sum(used for name, used in percent.items() if name.startswith("sla"))
    note = "of one core, by both processes of sla; " + ", ".join(f"{name} {one:.2f}" for name, one in percent.items())
    desk.figures.add("clock_idle_cpu_percent", mine, "%", note=note)


async def lag(desk: Desk, samples: RunningClocks, count: int) -> None:
    told, cpu, note = await fire(desk, samples, count, MINUTE)
    late = [one.late / timedelta(milliseconds=1) for one in told]
    desk.figures.add("clock_lag_p50_ms", percentile(late, 0.5), "ms", cpu, f"{count} due in a minute; {note}")
    desk.figures.add("clock_lag_p99_ms", percentile(late, 0.99), "ms", note=f"the longest {max(late):.0f}")


async def burst(desk: Desk, samples: RunningClocks, count: int) -> None:
    told, cpu, note = await fire(desk, samples, count, SECOND)
    seconds = (max(one.at for one in told) - max(one.due_at for one in told)) / SECOND
    desk.figures.add("clock_burst_s", seconds, "s", cpu, f"{count} due in a second; {note}")


async def fire(
    desk: Desk, samples: RunningClocks, count: int, over: timedelta
) -> tuple[list[Told], dict[str, float], str]:
    """When each was due and told of, and the CPU for one until all has come to rest. Raises RuntimeError unless each
    was told of once, and none before it was due."""
    first, before = await desk.told() + 1, await breached(desk)
    start = datetime.now(UTC) + BEFORE + timedelta(seconds=count / MOST_TO_FILL)
    due = samples.due(count, start, over)
    await desk.fill("sla", "ticketrecord", lambda _: samples.records(due))
    await desk.fill("sla", "ticketclocks", lambda _: due)
    if datetime.now(UTC) > start - BEFORE:
        raise RuntimeError("too slow to have them all before the first is due: nothing is measured")
    await asyncio.sleep((start - datetime.now(UTC)) / SECOND)
    with desk.window() as window:
        await all_told(desk, before + count, WITHIN)
        rested = await desk.rest(WITHIN)
    told = await breaches(desk, first)
    if Counter(one.ticket for one in told) != Counter(doc["_id"] for doc in due):
        raise RuntimeError(f"{len(told)} are told of, {count} were due")
    if early := [one for one in told if one.at < one.due_at]:
        raise RuntimeError(f"{len(early)} are told of before they are due, as {early[0]}")
    return told, window.per(count), f"{rested:.1f} s to rest; {window.strangers}"


async def all_told(desk: Desk, count: int, within: float) -> None:
    async with asyncio.timeout(within):
        while await breached(desk) < count:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY)


async def breached(desk: Desk) -> int:
    info = await desk.nats.jetstream().stream_info(STREAM, subjects_filter=SlaBreached.type())
    return sum((info.state.subjects or {}).values())


async def breaches(desk: Desk, first: int) -> list[Told]:
    """Those in the stream from this place on."""
    js = desk.nats.jetstream()
    reader = await js.subscribe(SlaBreached.type(), stream=STREAM, ordered_consumer=True)
    found = []
    for _ in range(await breached(desk)):
        message = await reader.next_msg(timeout=10)
        event = json.loads(message.data)
        if message.metadata.sequence.stream >= first:
            due_at = datetime.fromisoformat(event["data"]["due_at"])
            found.append(Told(event["subject"], due_at, message.metadata.timestamp))
    await reader.unsubscribe()
    return found

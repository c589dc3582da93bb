"""What an urgent ticket asks of the database and tells on the bus, counted, and what is asked while nothing happens."""

import asyncio

from tests.bench.assign import customers
from tests.bench.desk import Desk

TICKETS = 20
NAMED = 40  # kinds of statements that the remarks name: all but what comes once in many tickets


async def statements(desk: Desk) -> None:
    line = desk.line
    assert line
    client = await customers(desk)
    await client.do("flow", workers=1, seconds=1)
    await desk.rest()
    seconds = 10.0 if desk.quick else 30.0
    before, idle = line.total, line.counts.copy()
    await asyncio.sleep(seconds)
    at_rest = (line.total - before) / seconds
    resting = line.counts - idle
    note = ", ".join(f"{name} {of} {count / seconds:.2f}" for (name, of), count in resting.most_common(NAMED))
    desk.figures.add("rest_statements_per_s", at_rest, "1/s", note=note)
    counts, events, began = line.counts.copy(), await desk.told(), asyncio.get_running_loop().time()
    did = await client.do("count", tickets=TICKETS)
    await desk.rest()
    took = asyncio.get_running_loop().time() - began
    asked = line.counts - counts
    note = ", ".join(f"{name} {of} {count / did:.1f}" for (name, of), count in asked.most_common(NAMED))
    desk.figures.add("assign_statements", (sum(asked.values()) - at_rest * took) / did, "", note=note)
    desk.figures.add("assign_events", (await desk.told() - events) / did, "")

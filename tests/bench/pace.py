"""How much of its pace a service keeps while one kind of event fails again and again."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from statistics import median
from uuid import uuid4

from shared.bus import Bus
from shared.deferred import DeferredEvents
from shared.events import Event, TicketLinked, TicketMerged
from shared.mongo import Database
from shared.outbox import Outgoing
from tests.bench.desk import Desk

OTHERS, FAILING = 4_000, 1_000
ROUNDS = 3
AT_ONCE = 250  # events that are published at once
WITHIN = 120.0  # seconds


class Broken(RuntimeError):
    """A fault of the handler."""


async def pace(desk: Desk) -> None:
    """Events of two kinds about as many tickets come in turns, and each is written down; then the same while the
    handler of one kind fails each time."""
    part = 10 if desk.quick else 1
    shares = []
    for _ in range(ROUNDS):
        whole = await rate(desk, OTHERS // part, FAILING // part, fails=False)
        kept = await rate(desk, OTHERS // part, FAILING // part, fails=True)
        shares.append(100 * kept / whole)
    note = f"of five events one fails; at last {kept:.0f} of {whole:.0f} a second"
    desk.figures.add("pace_beside_failing_percent", median(shares), "%", note=note)


async def rate(desk: Desk, others: int, failing: int, fails: bool) -> float:
    """Events of the other kind a second, from the first that was handled to the last."""
    prefix = f"pace{uuid4().hex[:8]}"
    database = Database.open(desk.stack.mongo_url, prefix, desk.driver)
    moments: list[float] = []

    async def write(event: Event) -> None:
        """A document is read and written, as most handlers do."""
        found = await database["pace"].find_one({"_id": event.subject}) or {"version": 0}
        change = {"$set": {"version": found["version"] + 1, "event": event.id}}
        await database["pace"].update_one({"_id": event.subject, "version": found["version"]}, change, upsert=True)

    async def handle(event: Event) -> None:
        await write(event)
        moments.append(time.monotonic())

    async def fail(event: Event) -> None:
        raise Broken

    def a_bus() -> Bus:
        bus = Bus(desk.stack.nats_url, "pace", prefix, deferred=DeferredEvents(database))
        bus.on(TicketLinked, handle)
        bus.on(TicketMerged, fail if fails else write)
        return bus

    before, bus = a_bus(), a_bus()
    try:
        await before.start()
        await before.stop_receiving()
        events = mixed(others, failing)
        while some := list(islice(events, AT_ONCE)):
            await asyncio.gather(*(before.publish(Outgoing.of(event)) for event in some))
        await bus.start()
        async with asyncio.timeout(WITHIN):
            while len(moments) < others:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        for one in (bus, before):
            await one.stop_receiving()
            await one.stop()
        await database.drop()
        await database.close()
    return (others - 1) / (moments[-1] - moments[0])


def mixed(others: int, failing: int) -> Iterator[Event]:
    at = datetime.now(UTC)
    for n in range(failing):
        for m in range(others // failing):
            yield TicketLinked(subject=f"TK-L-{n}-{m}", time=at, to=["x"])
        yield TicketMerged(subject=f"TK-M-{n}", time=at, into="x")

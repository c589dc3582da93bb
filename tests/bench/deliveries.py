"""Mails that notify sends: how many a second, and how soon at 50 tickets a second."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from shared.bus import Bus
from shared.events import Event, NotifyDelivered, TicketOpened
from shared.outbox import Outgoing
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.notify.samples import opened

MANY, FEW = 1000, 200
RATE = 50.0  # tickets a second
WITHIN = 120.0  # seconds


async def mails(desk: Desk) -> None:
    count = FEW if desk.quick else MANY
    bus = Bus(desk.stack.nats_url, "intake")
    await bus.link.open()
    try:
        await _send(bus, 50, 0, RATE)
        with desk.window() as window:
            delays, seconds = await _send(bus, count, 100_000, None)
        note = f"{count} at once; {window.strangers}"
        desk.figures.add("notify_mails_per_s", count / seconds, "1/s", window.per(count), note)
        with desk.window() as window:
            delays, _ = await _send(bus, count, 200_000, RATE)
    finally:
        await bus.link.close()
    note = f"{count} tickets, {RATE:g} a second; {window.strangers}"
    desk.figures.add("notify_sent_p50_ms", percentile(delays, 0.5) * 1000, "ms", window.per(count), note)
    desk.figures.add("notify_sent_p99_ms", percentile(delays, 0.99) * 1000, "ms")


async def _send(bus: Bus, count: int, first: int, rate: float | None) -> tuple[list[float], float]:
    """The seconds from the opening of each ticket until its mail was taken, and until the last one was."""
    at: dict[str, datetime] = {}
    after, began = await bus.newest(), datetime.now(UTC)

    async def publish() -> None:
        for number in range(first, first + count):
            event = _event(f"TK-2026-{number:06d}")
            at[event.subject] = event.time
            await bus.publish(Outgoing.of(event))
            if rate:
                due = (number - first + 1) / rate - (datetime.now(UTC) - began).total_seconds()
                await asyncio.sleep(max(due, 0))

    publishing = asyncio.create_task(publish())
    sent: dict[str, datetime] = {}
    async with asyncio.timeout(WITHIN):
        async for found in bus.follow(after):
            if found and isinstance(found[1], NotifyDelivered):
                sent[found[1].subject] = found[1].time
            if len(sent) == count:
                break
    await publishing
    delays = [(sent[ticket] - at[ticket]).total_seconds() for ticket in sent]
    return delays, (max(sent.values()) - began).total_seconds()


def _event(ticket: str) -> Event:
    known: dict[str, Any] = {**opened(ticket=ticket).model_dump(), "id": ticket, "time": datetime.now(UTC)}
    return TicketOpened.model_validate(known)

"""The live stream with a thousand listeners: how late events come, and what a listener costs."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from shared.bus import Bus
from shared.events import TicketUrged
from shared.outbox import Outgoing
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.bench.processes import pss_mib

MANY, FEW = 1000, 200
RATE = 5.0  # events a second, to each of them
ENVIRONMENT: Mapping[str, str] = {"BIHUAN_STREAM_MAX_PER_PERSON": "2000", "BIHUAN_STREAM_RESERVED_FOR_STAFF": "0"}


async def listeners(desk: Desk) -> None:
    count, events = (FEW, 20) if desk.quick else (MANY, 100)
    crowd = await desk.helper("listeners", "listeners")
    pid = desk.stack.processes["notify"].pid
    url, token = desk.stack.service_url("notify"), desk.stack.token("lead")
    await crowd.do("listen", url=url, token=token, count=1)
    before = pss_mib(pid)
    await crowd.do("listen", url=url, token=token, count=count - 1)
    after = pss_mib(pid)
    bus = Bus(desk.stack.nats_url, "intake")
    await bus.link.open()
    try:
        with desk.window() as window:
            for number in range(events):
                await bus.publish(_event(number))
                await asyncio.sleep(1 / RATE)
            lags = await crowd.do("collect", count=count * events, within=30)
    finally:
        await bus.link.close()
    if len(lags) < count * events:
        raise RuntimeError(f"{count * events} were to be heard, {len(lags)} were")
    note = f"{count} listeners, {RATE:g} events a second; {window.strangers}"
    add = desk.figures.add
    add("stream_lag_p50_ms", percentile(lags, 0.5) * 1000, "ms", window.per(len(lags)), note)
    add("stream_lag_p99_ms", percentile(lags, 0.99) * 1000, "ms")
    add("stream_kib_per_listener", (after - before) * 1024 / (count - 1), "KiB")


def _event(number: int) -> Outgoing:
    event = TicketUrged(subject="TK-2026-000001", time=datetime.now(UTC), times=number, comment="")
    return Outgoing.of(event)

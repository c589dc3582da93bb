"""10,000 customers who are to be told by a mail server that takes almost nothing: what that costs notify's memory, how
soon others are told by WeCom meanwhile, and whether each mail came once in the end."""

import asyncio
import time
from datetime import UTC, datetime
from functools import partial

from shared.events import Event, TicketOpened
from shared.terms import Channel
from tests.bench.desk import Desk
from tests.bench.outside import PATHS, publish, receiver_of, wrote
from tests.bench.processes import pss_mib
from tests.notify.samples import opened

MANY, FEW = 10_000, 1_000
MEANWHILE = 100  # who are told by WeCom
TAKES = 20.0  # seconds that the mail server takes for each mail
WITHIN = 900.0  # seconds, for each part


async def slow_relay(desk: Desk) -> None:
    count = FEW if desk.quick else MANY
    relay, receiver = desk.helpers["mail"], await receiver_of(desk)
    notify = desk.stack.processes["notify"].pid
    await publish(desk, _opened, 300_000, 50)
    await _taken(desk, 50)
    before = pss_mib(notify)
    await relay.do("take", seconds=TAKES)
    with desk.window() as window:
        await publish(desk, _opened, 400_000, count)
        handled = await _handled(desk)
    held = pss_mib(notify)
    await receiver.do("forget")
    began = time.time()
    await publish(desk, partial(wrote, Channel.WECOM), 500_000, MEANWHILE)
    told = await receiver.do("arrived", path=PATHS[Channel.WECOM], count=MEANWHILE, within=WITHIN)
    await relay.do("take", seconds=0.0)
    await _taken(desk, 50 + count)
    note = f"{count} mails, each of which takes {TAKES:g} s; handled in {handled:.0f} s; {window.strangers}"
    desk.figures.add("notify_slow_relay_mib", held - before, "MiB", window.per(count), note)
    meanwhile = f"until {MEANWHILE} are told by WeCom"
    desk.figures.add("notify_slow_relay_wecom_s", told - began, "s", note=meanwhile)


async def _handled(desk: Desk) -> float:
    """The seconds until notify has handled all events."""
    began = time.monotonic()
    async with asyncio.timeout(WITHIN):
        while await desk.lag():  # noqa: ASYNC110 - asked over the network
            await asyncio.sleep(0.2)
    return time.monotonic() - began


async def _taken(desk: Desk, count: int) -> None:
    """Wait until so many mails were taken; raises RuntimeError where one was taken twice."""
    async with asyncio.timeout(WITHIN):
        while (taken := await desk.helpers["mail"].do("taken"))["tickets"] < count:  # noqa: ASYNC110 - asked over a pipe
            await asyncio.sleep(0.5)
    if taken["mails"] > taken["tickets"]:
        raise RuntimeError(f"{taken['mails']} mails of {taken['tickets']} tickets")


def _opened(number: int) -> Event:
    ticket = f"TK-2026-{number:06d}"
    return TicketOpened.model_validate({**opened(ticket=ticket).model_dump(), "id": ticket, "time": datetime.now(UTC)})

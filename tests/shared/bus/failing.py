"""Handlers that fail."""

import asyncio
from typing import Any

from shared.bus import Bus
from shared.events import TicketLinked
from tests.shared.bus.harness import BusHarness

FOR_EVER = 3600.0


def fails(times: int, error: Exception, heard: list[str], word: str = "0") -> Any:
    """A handler that notes what it heard, and fails so often at this word."""
    left = [times]

    async def handle(event: TicketLinked) -> None:
        if event.to[0] == word and left[0]:
            left[0] -= 1
            raise error
        heard.append(event.to[0])

    return handle


async def until_kept(harness: BusHarness, bus: Bus, events: int) -> None:
    async with asyncio.timeout(20):
        while len(await harness.deferred(bus)) < events:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

"""Ending what runs in the background."""

import asyncio
from collections.abc import Collection


async def cancel_all(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel them until they are done: before Python 3.12 a cancellation can be lost in `asyncio.wait_for`, which the
    bus's client waits with."""
    left: Collection[asyncio.Task[None]] = tasks
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.5)

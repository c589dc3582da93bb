"""Customers with urgent problems, and how long it takes until something comes of them. Run as a process of its own."""

import asyncio
import itertools
import json
import time
from typing import Any

from tests.bench.event_listener import MAIL, EventListener
from tests.bench.helper import obey
from tests.bench.samples import problem
from tests.bench.wire import Connection, request

ASSIGNED = "triage.assigned"
MAILED = f"{MAIL}.2"  # the first says that the ticket was opened, the second who has it
PATH = "/v1/tickets"
numbers = itertools.count(1_000_001, 2)  # odd: everything is said, nothing has to be asked
listener = EventListener()
idle: list[Connection] = []
tokens: list[str] = []


async def listen(nats_url: str, url: str, tokens_: list[str], connections: int) -> None:
    await listener.open(nats_url, (f"bihuan.{ASSIGNED}.v1", MAILED))
    idle.extend([await Connection.open(url) for _ in range(connections)])
    tokens.extend(tokens_)


async def one(until: str) -> float:
    """Seconds from sending the request until `until` is heard."""
    n = next(numbers)
    connection = idle.pop()
    began = time.monotonic()
    status, body = await connection.ask(request("POST", PATH, tokens[n % len(tokens)], problem(n, urgent=True)))
    idle.append(connection)
    if status != 201:
        raise RuntimeError(f"{status}: {body[:300]!r}")
    return await listener.wait_for(until, json.loads(body)["ticket"], within=150) - began


async def paced(rate: float, seconds: float) -> list[float]:
    """So many a second, whether or not earlier ones are done: seconds until each was assigned."""
    began = time.monotonic()
    under_way = []
    for n in range(int(rate * seconds)):
        pause = began + n / rate - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        under_way.append(asyncio.create_task(one(ASSIGNED)))
    return await asyncio.gather(*under_way)


async def flow(workers: int, seconds: float) -> dict[str, Any]:
    """`workers` tickets under way at any time, each until the customer's mail about who has it is handed over."""
    took: list[float] = []
    began = time.monotonic()

    async def work() -> None:
        while time.monotonic() < began + seconds:
            took.append(await one(MAILED))

    await asyncio.gather(*(work() for _ in range(workers)))
    return {"took": took, "seconds": time.monotonic() - began}


async def count(tickets: int) -> int:
    """One after the other, each until the customer's mail about who has it; how many."""
    for _ in range(tickets):
        await one(MAILED)
    return tickets


if __name__ == "__main__":
    obey({"listen": listen, "paced": paced, "flow": flow, "count": count})

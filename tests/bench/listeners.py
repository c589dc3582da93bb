"""Listeners of the live stream, many in one process: each keeps only how late every event came."""

import asyncio
import re
import time
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tests.bench.helper import obey

SAID_AT = re.compile(rb'"time": ?"([^"]{20,40})"')
AT_ONCE = 50  # that connect

lags: list[float] = []
tasks: list[asyncio.Task[None]] = []


async def listen(url: str, token: str, count: int) -> int:
    """How many are connected."""
    slots = asyncio.Semaphore(AT_ONCE)
    opened = [asyncio.Event() for _ in range(count)]
    tasks.extend(asyncio.create_task(_follow(url, token, slots, one)) for one in opened)
    await asyncio.wait_for(asyncio.gather(*(one.wait() for one in opened)), 120)
    return len(opened)


async def collect(count: int, within: float) -> list[float]:
    """The seconds that each event took to each listener, once that many came."""
    until = time.monotonic() + within
    while len(lags) < count and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    found, lags[:] = [*lags], []
    return found


async def _follow(url: str, token: str, slots: asyncio.Semaphore, opened: asyncio.Event) -> None:
    where = urlsplit(url)
    async with slots:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(
            f"GET /v1/events HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        await reader.readuntil(b"retry: ")
    opened.set()
    while line := await reader.readline():
        if line.startswith(b"data: ") and (said := SAID_AT.search(line)):
            lags.append(time.time() - datetime.fromisoformat(said[1].decode()).timestamp())


def main() -> None:
    commands: dict[str, Any] = {"listen": listen, "collect": collect}
    obey(commands)


if __name__ == "__main__":
    main()

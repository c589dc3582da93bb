"""Analysis of a log of 50 MB, without the way from intake: seconds, memory, and how long others waited meanwhile."""

import asyncio
import time
from collections.abc import Iterator

import psutil

from services.triage.logs.analysis import Analysis
from shared.texts import off_loop
from tests.bench.desk import Desk

MB = 1_000_000
PIECE = 256 * 1024
TRACE = """2026-03-02 12:{0:02d}:00,123 ERROR [exec-{0}] c.a.Web - request {1} failed
java.lang.IllegalStateException: no pool for 10.0.0.{0}
\tat com.acme.order.OrderService.create(OrderService.java:{1})
\tat org.springframework.web.Dispatcher.run(Dispatcher.java:81)
"""
LINE = "2026-03-02 12:{0:02d}:01,004 INFO [exec-{0}] c.a.Orders - order {1} of user wang{0} saved in {0} ms, 一切正常\n"


async def logs(desk: Desk) -> None:
    size = (5 if desk.quick else 50) * MB
    analysis, own = Analysis(2026), psutil.Process()
    for piece in pieces(2 * MB):
        analysis.feed(piece)
    memory, began, waited = own.memory_info().rss, time.monotonic(), 0.0
    reading = asyncio.create_task(_read(analysis, size))
    while not reading.done():
        before = time.monotonic()
        await asyncio.sleep(0.01)
        waited = max(waited, time.monotonic() - before - 0.01)
    await reading
    took = (time.monotonic() - began) * 50 * MB / size
    more = (own.memory_info().rss - memory) / 2**20
    desk.figures.add("log_50mb_s", took, "s", note=f"{analysis.finish().lines} lines")
    desk.figures.add("log_50mb_memory_mib", more, "MiB")
    desk.figures.add("log_50mb_wait_ms", waited * 1000, "ms", note="the longest that others waited for their turn")


async def _read(analysis: Analysis, size: int) -> None:
    for piece in pieces(size):
        await off_loop(len(piece), analysis.feed, piece)


def pieces(size: int) -> Iterator[str]:
    """Of whole lines, about this many bytes together."""
    written = n = 0
    while written < size:
        lines: list[str] = []
        length = 0
        while length < PIECE:
            line = (TRACE if n % 20 == 0 else LINE).format(n % 60, n)
            lines.append(line)
            length += len(line.encode())
            n += 1
        written += length
        yield "".join(lines)

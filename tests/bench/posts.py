"""Customers who open tickets over HTTP, as fast as they are answered. Run as a process of its own (helper.py)."""

import asyncio
import itertools
import time
from typing import Any

from tests.bench.figures import percentile
from tests.bench.helper import obey
from tests.bench.samples import problem
from tests.bench.wire import Connection, request

numbers = itertools.count(1)


async def post(url: str, path: str, tokens: list[str], clients: int, seconds: float) -> dict[str, Any]:
    """`clients` at once, each on a connection of its own, every request with another body."""
    connections = [await Connection.open(url) for _ in range(clients)]
    took: list[float] = []
    refused: dict[int, int] = {}
    began = time.perf_counter()
    end = began + seconds

    async def client(connection: Connection) -> None:
        while (start := time.perf_counter()) < end:
            n = next(numbers)
            status, _ = await connection.ask(request("POST", path, tokens[n % len(tokens)], problem(n)))
            if status == 201:
                took.append(time.perf_counter() - start)
            else:
                refused[status] = refused.get(status, 0) + 1

    await asyncio.gather(*(client(connection) for connection in connections))
    spent = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return {
        "count": len(took),
        "seconds": spent,
        "p50_ms": percentile(took, 0.5) * 1000,
        "p99_ms": percentile(took, 0.99) * 1000,
        "refused": refused,
    }


if __name__ == "__main__":
    obey({"post": post})

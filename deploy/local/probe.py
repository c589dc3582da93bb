"""Is it ready? Questions asked of a part from outside."""

import asyncio
from collections.abc import Awaitable, Callable

from deploy.local.options import HOST

Probe = Callable[[], Awaitable[bool]]


async def http_status(port: int, path: str) -> int | None:
    """The status of a GET, None if nobody answers."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
                line = await reader.readline()
            finally:
                writer.close()
    except OSError:  # a timeout is one, too
        return None
    words = line.split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else None


def http_ok(port: int, path: str) -> Probe:
    async def probe() -> bool:
        status = await http_status(port, path)
        return status is not None and 200 <= status < 300

    return probe


async def mongo_version(url: str) -> str | None:
    """What the server says it is, None if nobody answers."""
    from pymongo import AsyncMongoClient
    from pymongo.errors import PyMongoError

    try:
        async with AsyncMongoClient[dict[str, object]](url, serverSelectionTimeoutMS=1500) as client:
            return str((await client.admin.command("buildInfo"))["version"])
    except PyMongoError:
        return None


def mongo_ok(url: str) -> Probe:
    async def probe() -> bool:
        return await mongo_version(url) is not None

    return probe

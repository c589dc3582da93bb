"""Is it ready? Questions asked of a part from outside."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable

from deploy.local.options import HOST

Probe = Callable[[], Awaitable[bool]]
OP_MSG = 2013


async def http_status(port: int, path: str) -> int | None:
    """The status of a GET, None if nobody answers."""
    request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
    try:
        async with _connection(port) as (reader, writer):
            writer.write(request.encode())
            words = (await reader.readline()).split()
    except OSError:  # a timeout is one, too
        return None
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else None


def http_ok(port: int, path: str) -> Probe:
    async def probe() -> bool:
        status = await http_status(port, path)
        return status is not None and 200 <= status < 300

    return probe


def mongo_ok(port: int) -> Probe:
    """A ping in MongoDB's wire protocol: a driver's client with its monitors is too much to ask every 50 ms."""
    from bson import decode, encode

    body = b"\0\0\0\0\0" + encode({"ping": 1, "$db": "admin"})
    message = struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body

    async def probe() -> bool:
        try:
            async with _connection(port) as (reader, writer):
                writer.write(message)
                (length,) = struct.unpack("<i", await reader.readexactly(4))
                answer = await reader.readexactly(length - 4)
        except (OSError, asyncio.IncompleteReadError):
            return False
        return bool(decode(answer[17:])["ok"])

    return probe


async def mongo_version(url: str) -> str | None:
    """What a server says it is, None if nobody answers."""
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    def ask() -> str | None:
        try:
            with MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=5000) as client:
                return str(client.server_info()["version"])
        except PyMongoError:
            return None

    return await asyncio.to_thread(ask)


@contextlib.asynccontextmanager
async def _connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with asyncio.timeout(2):
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

"""A line between the services and MongoDB on which statements are counted (OP_MSG of MongoDB's wire protocol,
https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/)."""

import asyncio
import struct
from collections import Counter
from contextlib import suppress
from types import TracebackType

import bson

from deploy.local.options import HOST

HEAD = struct.Struct("<iiii")  # length with this head, request, answer to, kind
OP_MSG, BODY = 2013, 0
# What drivers say to each other about the connection.
NOT_COUNTED = {"hello", "ismaster", "isMaster", "ping", "endSessions", "killCursors", "getMore", "buildInfo"}


class Statements:
    """`async with Statements(port) as line:` counts by command and collection what comes to `line.port`."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self.counts: Counter[tuple[str, str]] = Counter()
        self._to = to

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    async def __aenter__(self) -> "Statements":
        self._server = await asyncio.start_server(self._pass_on, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            answers, server = await asyncio.open_connection(HOST, self._to)
            back = asyncio.create_task(_copy(answers, writer))
            try:
                while True:
                    head = await reader.readexactly(HEAD.size)
                    length, _, _, kind = HEAD.unpack(head)
                    rest = await reader.readexactly(length - HEAD.size)
                    if kind == OP_MSG:
                        self._count(rest)
                    server.write(head + rest)
                    await server.drain()
            finally:
                server.close()
                await back
        writer.close()

    def _count(self, message: bytes) -> None:
        """Its first section is the command: flags, the section's kind, a document whose first field names it."""
        if message[4] != BODY:
            return
        [length] = struct.unpack_from("<i", message, 5)
        document = bson.decode(message[5 : 5 + length])
        name, of = next(iter(document.items()))
        if name not in NOT_COUNTED:
            self.counts[name, str(of)] += 1


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()

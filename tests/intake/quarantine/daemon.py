"""A virus scanner that speaks ClamAV's protocol, and knows one virus: the one that scanners are tested with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# In two parts, so that scanners leave this file alone.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
MOST = 25 * 1024 * 1024


@dataclass
class Daemon:
    """`answers` are given instead of what it would find; an empty one: it hangs up."""

    answers: list[bytes] = field(default_factory=list)
    scanned: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(await self._answer(reader))
            await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        if await reader.readuntil(b"\0") != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND\0"
        content = bytearray()
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(length)
            if len(content) > MOST:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.scanned.append(bytes(content))
        if self.answers:
            return self.answers.pop(0)
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"


@asynccontextmanager
async def scanning(daemon: Daemon, path: str = "") -> AsyncIterator[str]:
    """Its address."""
    server = await (
        asyncio.start_unix_server(daemon.serve, path) if path else asyncio.start_server(daemon.serve, "127.0.0.1", 0)
    )
    async with server:
        yield f"unix://{path}" if path else f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"

"""The protocol of ClamAV's daemon: a file in chunks, an answer in one line."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECT_WITHIN, SCAN_WITHIN = 5.0, 120.0  # seconds
LONGEST_ANSWER = 4096  # bytes
FOUND = re.compile(r"^stream: (.{1,200}) FOUND$")


class ScannerAway(Exception):
    """It is not there, too slow, or does not take the file: nothing is known of it."""


@dataclass(frozen=True)
class Clamd:
    """`address` is `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`."""

    address: str

    def __post_init__(self) -> None:
        """Raises ValueError."""
        parts = urlsplit(self.address)
        if not ((parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path)):
            raise ValueError("BIHUAN_CLAMAV must be tcp://host:port or unix:///path")

    async def scan(self, chunks: AsyncIterator[bytes]) -> str:
        """What was found; empty for a clean file. Raises ScannerAway."""
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                reader, writer = await self._connect()
        except (OSError, TimeoutError) as error:
            raise ScannerAway(str(error)) from error
        try:
            async with asyncio.timeout(SCAN_WITHIN):
                answer = await _ask(reader, writer, chunks)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerAway(str(error)) from error
        finally:
            writer.close()
        if answer == "stream: OK":
            return ""
        if found := FOUND.match(answer):
            return found[1]
        raise ScannerAway(answer)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(self.address)
        if parts.scheme == "unix":
            return await asyncio.open_unix_connection(parts.path, limit=LONGEST_ANSWER)
        return await asyncio.open_connection(parts.hostname, parts.port or 3310, limit=LONGEST_ANSWER)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, chunks: AsyncIterator[bytes]) -> str:
    """It may answer before it has all, and hang up: its answer counts then."""
    try:
        writer.write(b"zINSTREAM\0")
        async for chunk in chunks:
            writer.write(len(chunk).to_bytes(4, "big") + chunk)
            await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
    except (ConnectionError, BrokenPipeError):
        pass
    return (await reader.readuntil(b"\0")).rstrip(b"\0").decode("utf-8", "replace").strip()

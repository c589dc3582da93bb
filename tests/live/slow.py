"""A line between the services and a server on which answers can be held back."""

import asyncio
from contextlib import suppress
from types import TracebackType

from deploy.local.options import HOST

CHUNK = 65_536


class Line:
    """`async with Line(port) as line:` passes on what comes to `line.port`, both ways."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self._to = to
        self._free = asyncio.Event()
        self._free.set()

    async def __aenter__(self) -> "Line":
        self._server = await asyncio.start_server(self._pass_on, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    async def hold(self, seconds: float) -> None:
        """What the server answers meanwhile arrives afterwards."""
        self._free.clear()
        await asyncio.sleep(seconds)
        self._free.set()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            answers, questions = await asyncio.open_connection(HOST, self._to)
            ways = (self._copy(reader, questions, held=False), self._copy(answers, writer, held=True))
            await asyncio.gather(*ways)
        writer.close()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, held: bool) -> None:
        """Until one end is closed; then the other end is closed too."""
        with suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if held:
                    await self._free.wait()
                writer.write(chunk)
                await writer.drain()
        writer.close()

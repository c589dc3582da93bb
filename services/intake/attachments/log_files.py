"""Log files of a ticket, read piece by piece by triage's log analysis (P3.2)."""

import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from services.intake.attachments.domain import attachment_of
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.tickets import logs
from services.intake.tickets.values import Attachment
from shared.domain import NotFound
from shared.events import LogPiece, LogState, ReadLog
from shared.texts import off_loop, without_controls

PIECE = 256 * 1024  # bytes; what cannot be decoded becomes three times as many, and there is room for that on the bus
UNPACKED = 4 * 1024 * 1024  # bytes that are unpacked of one file, however small it was
MOST_MEMBERS = 100
NO_TEXT = b"\0"
GZIP = 31  # for zlib: a gzip header and trailer


@dataclass(frozen=True)
class LogFiles:
    attachments: AttachmentHandlers

    async def read(self, asked: ReadLog) -> LogPiece:
        """Asked over the bus."""
        try:
            file = attachment_of(await self.attachments.tickets.get(asked.ticket), asked.attachment)
            content, is_end, cut = await self._content(file, asked.start)
        except NotFound:
            return LogPiece(state=LogState.MISSING)
        if b"\0" in content:
            return LogPiece(state=LogState.NOT_TEXT, name=file.name)
        if not is_end:
            content = logs.whole_lines(content)
        text = str(without_controls(await off_loop(len(content), logs.decoded, content)))
        following = None if is_end else asked.start + len(content)
        return LogPiece(state=LogState.READ, name=file.name, text=text, next=following, cut=cut)

    async def _content(self, file: Attachment, start: int) -> tuple[bytes, bool, bool]:
        """Bytes of its text, whether they are its last, and whether there would be more. Raises NotFound."""
        packed = logs.is_gzip(file.name)
        last = UNPACKED if packed else file.size
        skip = start if packed else 0
        most = max(0, min(PIECE, last - start))
        found = bytearray()
        async with aclosing(self._unpacked(file.id) if packed else self.attachments.files.read(file.id, start)) as rest:
            async for chunk in rest:
                found += chunk[skip:]
                skip = max(0, skip - len(chunk))
                if len(found) > most:
                    break
        is_more = len(found) > most
        is_last = start + most >= last
        return bytes(found[:most]), is_last or not is_more, packed and is_last and is_more

    async def _unpacked(self, id: str) -> AsyncGenerator[bytes]:
        """Never more than a piece at a time."""
        stream, members = zlib.decompressobj(GZIP), 1
        async with aclosing(self.attachments.files.read(id)) as chunks:
            async for chunk in chunks:
                packed = chunk
                while packed:
                    if stream.eof:  # logs that were rotated are often joined
                        stream, members = zlib.decompressobj(GZIP), members + 1
                    try:
                        if members > MOST_MEMBERS:
                            raise zlib.error("made to keep us busy")
                        yield await off_loop(len(packed), stream.decompress, packed, PIECE)
                    except zlib.error:
                        yield NO_TEXT
                        return
                    packed = stream.unused_data.lstrip(b"\0") if stream.eof else stream.unconsumed_tail
        yield stream.flush()

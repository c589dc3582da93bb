"""Log files of a ticket, read piece by piece by triage's log analysis (P3.2)."""

from contextlib import aclosing
from dataclasses import dataclass

from services.intake.attachments.domain import attachment_of
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.inflating import PIECE, Damaged, inflated
from services.intake.attachments.scan import Quarantined
from services.intake.tickets import logs
from services.intake.tickets.values import Attachment
from shared.domain import NotFound
from shared.events import LogPiece, LogState, ReadLog
from shared.texts import off_loop, without_controls

# A piece: what cannot be decoded becomes three times as many bytes, and there is room for that on the bus.
UNPACKED = 4 * 1024 * 1024  # bytes that are unpacked of one file, however small it was


@dataclass(frozen=True)
class LogFiles:
    attachments: AttachmentHandlers

    async def read(self, asked: ReadLog) -> LogPiece:
        """Asked over the bus."""
        try:
            file = attachment_of(await self.attachments.tickets.get(asked.ticket), asked.attachment)
            await self.attachments.guard.require_released(file.id)
            content, is_end, cut = await self._content(file, asked.start)
        except NotFound:
            return LogPiece(state=LogState.MISSING)
        except Quarantined:
            return LogPiece(state=LogState.WITHHELD, name=file.name)
        except Damaged:
            return LogPiece(state=LogState.NOT_TEXT, name=asked.attachment)
        if b"\0" in content:
            return LogPiece(state=LogState.NOT_TEXT, name=file.name)
        if not is_end:
            content = logs.whole_lines(content)
        text = str(without_controls(await off_loop(len(content), logs.decoded, content)))
        following = None if is_end else asked.start + len(content)
        return LogPiece(state=LogState.READ, name=file.name, text=text, next=following, cut=cut)

    async def _content(self, file: Attachment, start: int) -> tuple[bytes, bool, bool]:
        """Bytes of its text, whether they are its last, and whether there would be more. Raises NotFound, Damaged."""
        packed = logs.is_gzip(file.name)
        files = self.attachments.files
        last = UNPACKED if packed else file.size
        skip = start if packed else 0
        most = max(0, min(PIECE, last - start))
        found = bytearray()
        async with aclosing(inflated(files.read(file.id)) if packed else files.read(file.id, start)) as rest:
            async for chunk in rest:
                found += chunk[skip:]
                skip = max(0, skip - len(chunk))
                if len(found) > most:
                    break
        is_more = len(found) > most
        is_last = start + most >= last
        return bytes(found[:most]), is_last or not is_more, packed and is_last and is_more

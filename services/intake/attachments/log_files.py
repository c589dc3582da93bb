"""Log files of a ticket, read piece by piece by triage's log analysis (P3.2)."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial

from services.intake.attachments.domain import attachment_of
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.inflating import PIECE, Bomb, Damaged, inflated, sparing
from services.intake.attachments.listing import Entry
from services.intake.attachments.open_readings import OpenReadings, Reading
from services.intake.attachments.scan import Quarantined
from services.intake.attachments.zipped import Locked, NoLogs, content_of, logs_in
from services.intake.tickets import logs
from services.intake.tickets.values import Attachment
from shared.domain import NotFound
from shared.events.intake_files import FilesFound, FindFiles, LogPiece, LogState, ReadLog, TicketFile
from shared.mongo import Files
from shared.texts import off_loop, without_controls

# A piece: what cannot be decoded becomes three times as many bytes, and there is room for that on the bus.
UNPACKED = 64 * 1024 * 1024  # bytes that are unpacked of one file, however small it was
REFUSED = {Damaged: "damaged", Bomb: "bomb", Locked: "locked", NoLogs: "no_logs"}


class NotText(Exception):
    """It has zeros in it."""


@dataclass(frozen=True)
class Part:
    """A text of a file: where it begins among those of the file, how many bytes it has at most, and how it is read
    from one of its bytes on. `exact`: it has as many. `packed`: the name under which a reading of it can go on, where
    it can only be read from its beginning."""

    begin: int
    size: int
    read: Callable[[int], AsyncGenerator[bytes]]
    exact: bool = True
    packed: str = ""

    @property
    def end(self) -> int:
        return self.begin + self.size


@dataclass(frozen=True)
class LogFiles:
    attachments: AttachmentHandlers
    readings: OpenReadings = field(default_factory=OpenReadings)

    async def read(self, asked: ReadLog) -> LogPiece:
        """Asked over the bus."""
        name = asked.attachment
        try:
            file = attachment_of(await self.attachments.tickets.get(asked.ticket), asked.attachment)
            await self.attachments.guard.require_released(file.id)
            name = file.name
            parts, complete = await self._parts(file)
            return await self._piece(file.name, parts, complete, asked.start)
        except NotFound:
            return LogPiece(state=LogState.MISSING)
        except Quarantined:
            return LogPiece(state=LogState.WITHHELD, name=file.name)
        except NotText:
            return LogPiece(state=LogState.NOT_TEXT, name=name)
        except tuple(REFUSED) as refusal:
            return LogPiece(state=LogState.NOT_TEXT, name=name, why=REFUSED[type(refusal)])

    async def find(self, asked: FindFiles) -> FilesFound:
        """Asked over the bus."""
        found: list[TicketFile] = []
        known = False
        with suppress(NotFound):
            ticket = await self.attachments.tickets.get(asked.ticket)
            known = True
            for id in asked.files:
                with suppress(NotFound):
                    file = attachment_of(ticket, id)
                    if await self.attachments.guard.is_locked(file.id):
                        continue
                    found.append(TicketFile(id=file.id, name=file.name, size=file.size, sha256=file.sha256))
        return FilesFound(known=known, files=found)

    async def _parts(self, file: Attachment) -> tuple[list[Part], bool]:
        """In their order, and whether that is all. Raises Damaged, Bomb, Locked, NoLogs."""
        files = self.attachments.files
        if logs.is_gzip(file.name):
            return [
                Part(0, UNPACKED, lambda _: sparing(files.read(file.id), inflated), exact=False, packed=file.id)
            ], True
        if not logs.is_zip(file.name):
            return [Part(0, file.size, lambda start: files.read(file.id, start))], True
        found = await logs_in(files, file)
        parts: list[Part] = []
        for one in found.entries:
            begin = parts[-1].end if parts else 0
            size = min(one.size, UNPACKED - begin)
            if size:
                unpack = partial(_whole, files, file, one)
                parts.append(Part(begin, size, unpack, size == one.size, packed=f"{file.id} {begin}"))
        return parts, found.complete and sum(one.size for one in found.entries) <= UNPACKED

    async def _piece(self, name: str, parts: list[Part], complete: bool, start: int) -> LogPiece:
        """Raises Damaged, Bomb, NotText."""
        part = next((one for one in parts if start < one.end), None)
        if part is None:
            return LogPiece(state=LogState.READ if parts else LogState.NOT_TEXT, name=name, cut=not complete)
        inside = start - part.begin
        most = max(0, min(PIECE, part.size - inside))
        content, is_more, head = await self._content(part, inside, most)
        encoding = logs.wide_encoding(head)
        if not encoding and b"\0" in content:
            raise NotText
        is_end = not is_more or inside + most >= part.size
        if not is_end:
            content = logs.whole_lines(content, encoding)
        text = str(without_controls(await off_loop(len(content), logs.decoded, content, encoding)))
        is_last = is_end and part is parts[-1]
        following = None if is_last else part.end if is_end else start + len(content)
        cut = is_last and (not complete or (is_more and not part.exact))
        return LogPiece(state=LogState.READ, name=name, text=text, next=following, cut=cut)

    async def _content(self, part: Part, start: int, most: int) -> tuple[bytes, bool, bytes]:
        """As many bytes, whether there are more, and how the part begins. Raises Damaged, Bomb."""
        if not part.packed:
            content, is_more = await _taken(part.read(start), most)
            return content, is_more, content if not start else (await _taken(part.read(0), logs.SAMPLE))[0]
        reading = self.readings.take(part.packed, start) or Reading(part.packed, part.read(0))
        try:
            content, is_more = await reading.piece(start, most)
        except BaseException:
            await reading.close()
            raise
        if is_more:
            await self.readings.keep(reading)
        else:
            await reading.close()
        return content, is_more, reading.head


async def _taken(content: AsyncGenerator[bytes], most: int) -> tuple[bytes, bool]:
    """As many bytes, and whether there are more."""
    found = bytearray()
    async with aclosing(content) as chunks:
        async for chunk in chunks:
            found += chunk
            if len(found) > most:
                break
    return bytes(found[:most]), len(found) > most


def _whole(files: Files, file: Attachment, entry: Entry, _: int) -> AsyncGenerator[bytes]:
    return content_of(files, file, entry)

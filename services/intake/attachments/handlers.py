"""Files on their way to a ticket: no file that a ticket has is ever deleted, and none stays that no ticket has.

Each is recorded as an `Upload` before its first byte is stored. A ticket takes a file only for a while after that; long
after, the cleanup looks whether it did. Before it deletes a file it leaves a mark on the ticket, so that a write which
was decided in time and is still on its way finds another version and comes to nothing.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from uuid import uuid4

from services.intake.attachments.domain import Upload, attach, is_attached
from services.intake.attachments.guard import Guard
from services.intake.attachments.store import Uploads
from services.intake.attachments.thumbnails import Thumbnails
from services.intake.information.domain import extract_log
from services.intake.tickets import logs
from services.intake.tickets.closing import MovedOn
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import INTAKE, being_changed, goes_on_as
from services.intake.tickets.values import Attachment
from shared.domain import Invalid, NotFound, Origin, Refusal, TooLarge, Unavailable
from shared.events import Event
from shared.mongo import Files
from shared.store import Store
from shared.texts import off_loop
from shared.uploads.content_types import media_type_of

ATTACHMENT_BYTES = 20 * 1024 * 1024
# Counted from when the whole request is there, so that only the store is slow. Between the two lies what the clocks of
# two replicas may differ; the gateway gives up after five minutes.
ATTACH_WITHIN = timedelta(minutes=10)
CLEAN_UP_AFTER = timedelta(minutes=30)
Put = Callable[[Ticket, Attachment, bool], list[Event]]  # a file that staff, or the customer, add


@dataclass(frozen=True)
class AttachmentHandlers:
    tickets: Store[Ticket]
    uploads: Uploads
    files: Files
    thumbnails: Thumbnails
    guard: Guard
    now: Callable[[], datetime]

    async def add(
        self,
        number: str,
        name: str,
        media_type: str,
        chunks: AsyncIterator[bytes],
        by_staff: Callable[[Ticket], bool],
        by: Origin,
        internal: bool = False,
        put: Put | None = None,
    ) -> Ticket:
        """Store the file, then add it to the ticket. `by_staff` says whether staff adds it, and raises what the caller
        must not do. The key's digest is made of the request line, the content and the name. `put` takes the place of
        what is done with a new file: its text is read, and the ticket has it.

        Raises TooLarge, Invalid (empty, or the key came with another file), WrongContent (its name says that it is
        something else), Unavailable (the store was too slow) and
        what the ticket refuses. What is refused or repeated leaves nothing; after any other error, in which nobody
        knows what was written, the cleanup decides.
        """
        began = self.now()
        id = uuid4().hex[:24]
        await self.uploads.add(Upload(id=id, ticket=number, due_at=began + CLEAN_UP_AFTER), [], INTAKE)
        try:
            size, digest, head = await self._store(id, name, chunks)
            declared_type, media_type = media_type, media_type_of(name, head)
            log = logs.text_of(name, declared_type, head)
            told = await off_loop(len(log), extract_log, log)
            attachment = Attachment(
                id=id,
                name=name,
                size=size,
                media_type=media_type,
                sha256=digest,
                added_by=by.actor,
                at=self.now(),
                internal=internal,
            )

            def take(ticket: Ticket, file: Attachment, is_staff: bool) -> list[Event]:
                if self.now() > began + ATTACH_WITHIN:
                    raise Unavailable(
                        "Storing the file took too long; please upload it again", "文件保存超时，请重新上传"
                    )
                if put:
                    return put(ticket, file, is_staff)
                read = [] if internal or is_attached(ticket, file.id) else logs.take(ticket, told, file.at)
                return [*read, *attach(ticket, file, is_staff, file.at)]

            def decide(ticket: Ticket) -> list[Event]:
                return take(ticket, attachment, by_staff(ticket))

            by = replace(by, digest=sha256(f"{by.digest}\n{digest}\n{name}".encode()).hexdigest()[:32])
            await self.uploads.check_key(by)
            await self.guard.hold(id, number, name, size)
            try:
                ticket = await self.tickets.change(number, decide, by, by_staff)
            except MovedOn:
                ticket = await self._attach_to_other(number, attachment, by_staff, take, by)
        except Refusal:
            await self._discard(id)
            raise
        if not is_attached(ticket, id):
            await self._discard(id)
        await self.uploads.record_key(by)
        return ticket

    async def _attach_to_other(
        self, number: str, attachment: Attachment, by_staff: Callable[[Ticket], bool], put: Put, by: Origin
    ) -> Ticket:
        """To the ticket that this one was merged into. The cleanup is told before, so that it looks there. Raises
        Conflict when that one is merged just now."""
        merged = await self.tickets.get(number)
        is_staff, into = by_staff(merged), await goes_on_as(self.tickets, merged)
        await self.uploads.change(attachment.id, partial(Upload.move, ticket=into), INTAKE)
        file = attachment.model_copy(update={"via": number})
        try:
            return await self.tickets.change(
                into, lambda ticket: put(ticket, file, is_staff), replace(by, if_match=None)
            )
        except MovedOn:
            raise being_changed(into) from None

    async def clean_up(self, ids: Sequence[str]) -> None:
        for upload in await self.uploads.where({"_id": {"$in": list(ids)}}):
            if not await self._was_attached(upload):
                await self.files.delete(upload.id)
        await self.uploads.remove(ids)

    async def _store(self, id: str, name: str, chunks: AsyncIterator[bytes]) -> tuple[int, str, bytes]:
        """Bytes, SHA-256, and how it begins."""
        size, digest, head = 0, sha256(), bytearray()

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > ATTACHMENT_BYTES:
                    raise TooLarge("An attachment can be at most 20 MB", "单个附件不得超过 20 MB")
                digest.update(chunk)
                head.extend(chunk[: logs.HEAD_BYTES - len(head)])
                yield chunk
            if not size:
                raise Invalid("The file is empty", "文件为空", "body.file")

        await self.files.save(id, name, counted())
        return size, digest.hexdigest(), bytes(head)

    async def _was_attached(self, upload: Upload) -> bool:
        """If not, it never will be: the mark makes a new version of the ticket."""
        try:
            if is_attached(await self.tickets.get(upload.ticket), upload.id):
                return True
            given_up = replace(INTAKE, key=f"upload/{upload.id}")
            return is_attached(await self.tickets.change(upload.ticket, lambda _: [], given_up), upload.id)
        except NotFound:
            return False

    async def _discard(self, id: str) -> None:
        await self.files.delete(id)
        await self.uploads.remove([id])

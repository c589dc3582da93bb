"""What a third party does on its page: it reads, downloads what is meant for it, answers, and attaches files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256

from starlette.datastructures import UploadFile
from starlette.responses import StreamingResponse

from services.intake.attachments.domain import AttachmentNotFound
from services.intake.attachments.download import download
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.pages.layout import Pages
from services.intake.third_parties import domain
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import ThirdPartyRequest
from shared.domain import Origin
from shared.links import Link
from shared.store import Store
from shared.uploads.multipart import chunks_of, name_of, type_of


@dataclass(frozen=True)
class ThirdPartyHandlers:
    tickets: Store[Ticket]
    attachments: AttachmentHandlers
    pages: Pages
    now: Callable[[], datetime]

    async def asked(self, link: Link) -> tuple[Ticket, ThirdPartyRequest]:
        """Raises NotFound, LinkEnded."""
        ticket = await self.tickets.get(link.ticket)
        return ticket, domain.request_of(ticket, link)

    async def file(self, link: Link, attachment: str) -> StreamingResponse:
        """Only one that was attached for it. Raises LinkEnded, AttachmentNotFound, Quarantined."""
        ticket, asked = await self.asked(link)
        if attachment not in asked.attachments:
            raise AttachmentNotFound(f"There is no file {attachment}", f"没有文件 {attachment}")
        return await download(self.attachments, ticket, attachment, for_staff=True)

    async def reply(self, link: Link, answer: str, files: Sequence[UploadFile]) -> None:
        """Files first, for staff alone; each once, also when the form is sent again, with others where one was refused.
        Raises LinkEnded, Invalid, and what a ticket or a file is refused for."""
        by = Origin(link.sub, f"link:{link.nonce}", f"link/{link.nonce}/{link.action}")
        ticket = await self.tickets.get(link.ticket)
        domain.reply(ticket, link, answer, [], self.now())
        for file in files:
            of_file = replace(by, key=f"{by.key} file {await _digest(file)}")
            ticket = await self.attachments.add(
                link.ticket, name_of(file), type_of(file), chunks_of(file), lambda _: True, of_file, internal=True
            )
        decide = partial(
            domain.reply, link=link, answer=answer, attachments=domain.files_of(ticket, link), now=self.now()
        )
        await self.tickets.change(link.ticket, decide, by)


async def _digest(file: UploadFile) -> str:
    """Of its name and content."""
    digest = sha256(name_of(file).encode())
    async for chunk in chunks_of(file):
        digest.update(chunk)
    await file.seek(0)
    return digest.hexdigest()[:16]

"""Attachments over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.intake.attachments.archives import look_into
from services.intake.attachments.download import FILE, THUMBNAIL, download, released, thumbnail
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.views import ArchiveView
from services.intake.tickets.access import TicketsDep, TicketView, is_staff, read, shown
from shared.http import Caller, may
from shared.terms import Id
from shared.uploads.multipart import BODY, chunks_of, type_of, uploaded

router = APIRouter(prefix="/v1/tickets", tags=["conversation"])


async def handlers(request: Request) -> AttachmentHandlers:
    found: AttachmentHandlers = request.app.state.service.attachments
    return found


Handlers = Annotated[AttachmentHandlers, Depends(handlers)]


@router.post("/{ticket}/attachments", status_code=201, openapi_extra=BODY)
async def add_attachment(
    ticket: Id,
    tickets: TicketsDep,
    attachments: Handlers,
    caller: Annotated[Caller, may("attachment:add")],
    response: Response,
    request: Request,
    internal: Annotated[
        bool, Query(description="For staff alone, such as evidence of an internal verification")
    ] = False,
) -> TicketView:
    """Add a file of at most 20 MB; on a merged ticket it goes to the one that it was merged into."""
    await read(tickets, caller, "attachment:add", ticket)  # before the body is read
    async with uploaded(request) as (file, name):
        by_staff = partial(is_staff, caller, "attachment:add")
        chunks = chunks_of(file)
        changed = await attachments.add(ticket, name, type_of(file), chunks, by_staff, caller.origin, internal)
    if changed.id != ticket:
        changed = await tickets.store.get(ticket)
    return await shown(tickets, caller, changed, response)


@router.get("/{ticket}/attachments/{attachment}", response_class=StreamingResponse, responses=FILE)
async def read_attachment(
    ticket: Id,
    attachment: Id,
    tickets: TicketsDep,
    attachments: Handlers,
    caller: Annotated[Caller, may("attachment:read")],
) -> StreamingResponse:
    """Download the file."""
    found = await read(tickets, caller, "attachment:read", ticket)
    return await download(attachments, found, attachment, is_staff(caller, "attachment:read", found))


@router.get("/{ticket}/attachments/{attachment}/thumbnail", response_class=Response, responses=THUMBNAIL)
async def read_thumbnail(
    ticket: Id,
    attachment: Id,
    tickets: TicketsDep,
    attachments: Handlers,
    caller: Annotated[Caller, may("attachment:read")],
) -> Response:
    """A small picture of an attached one (PNG, JPEG, GIF or WebP), made anew of its pixels alone, as WebP of at most
    320 pixels each way."""
    found = await read(tickets, caller, "attachment:read", ticket)
    file = await released(attachments, found, attachment, is_staff(caller, "attachment:read", found))
    return thumbnail(await attachments.thumbnails.of(file))


@router.get("/{ticket}/attachments/{attachment}/entries")
async def list_archive(
    ticket: Id,
    attachment: Id,
    tickets: TicketsDep,
    attachments: Handlers,
    caller: Annotated[Caller, may("attachment:read")],
) -> ArchiveView:
    """What an attached archive (zip, tar, gzip) says is in it. It is not unpacked."""
    found = await read(tickets, caller, "attachment:read", ticket)
    file = await released(attachments, found, attachment, is_staff(caller, "attachment:read", found))
    return ArchiveView.of(await look_into(attachments.files, file), file.size)

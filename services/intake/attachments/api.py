"""Attachments over HTTP."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from services.intake.attachments.domain import AttachmentNotFound
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.multipart import BODY, uploaded
from services.intake.tickets.access import TicketsDep, TicketView, is_staff, read, shown
from shared.http import Caller, may
from shared.terms import Id

FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
CHUNK = 255 * 1024  # bytes
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
) -> TicketView:
    """Add a file of at most 20 MB; on a merged ticket it goes to the one that it was merged into."""
    await read(tickets, caller, "attachment:add", ticket)  # before the body is read
    async with uploaded(request) as (file, name):

        async def chunks() -> AsyncIterator[bytes]:
            while chunk := await file.read(CHUNK):
                yield chunk

        by_staff = partial(is_staff, caller, "attachment:add")
        media_type = (file.content_type or "application/octet-stream")[:100]
        changed = await attachments.add(ticket, name, media_type, chunks(), by_staff, caller.origin)
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
    """Download the file."""  # never shown inside our pages
    attached = (await read(tickets, caller, "attachment:read", ticket)).attachments
    found = next((one for one in attached if one.id == attachment), None)
    if found is None:
        raise AttachmentNotFound(f"{ticket} has no attachment {attachment}", f"{ticket} 没有附件 {attachment}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox",
        "Content-Length": str(found.size),
    }
    return StreamingResponse(attachments.files.read(attachment), headers=headers, media_type="application/octet-stream")

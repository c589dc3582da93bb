"""What is said about a ticket, over HTTP: answers, messages, attachments."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from services.intake.access import Desk, change, read, right, shown, speaker
from services.intake.attachments.multipart import BODY, uploaded
from services.intake.conversation import domain as conversation
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Speaker
from services.intake.views import Answers, NewMessage, TicketView
from shared.auth import Scope
from shared.domain import NotFound
from shared.events import Event
from shared.http import Caller, may
from shared.telemetry import about_ticket
from shared.terms import Id

FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
router = APIRouter(tags=["conversation"])
CHUNK = 255 * 1024


@router.post("/tickets/{number}/answers")
async def answer_questions(
    number: Id, body: Answers, desk: Desk, caller: Annotated[Caller, may("ticket:answer")], response: Response
) -> TicketView:
    """Answer guided questions; the answers become facts of the problem. What staff record here is what the customer
    said: it stands in the conversation as the customer's, with who wrote it down."""
    now = desk.now()

    def act(ticket: Ticket, by_staff: bool) -> list[Event]:
        who = Speaker.customer(ticket.contact, caller.sub) if by_staff else speaker(caller, Scope.OWN)
        return conversation.answer(ticket, body.answers, who, now)

    return await change(desk, caller, "ticket:answer", number, act, response)


@router.post("/tickets/{number}/messages", status_code=201)
async def post_message(
    number: Id, body: NewMessage, desk: Desk, caller: Annotated[Caller, may("message:post")], response: Response
) -> TicketView:
    """Write on the ticket; an internal note is for staff only. The first reply of staff meets the response clock.

    A customer's message on a completed ticket reopens it; when it was completed too long ago it opens a new ticket,
    linked to this one. The answer is the ticket on which the message stands now, `Location` says where it is.
    """
    about_ticket(number)

    def allow(ticket: Ticket) -> Scope:
        by = right(caller, "message:post", ticket)
        return caller.check("note:post", ticket.contact.sub, ticket.company) if body.internal else by

    ticket = await desk.write(
        number, body.text, lambda ticket: speaker(caller, allow(ticket)), body.internal, caller.origin, allow
    )
    response.headers["Location"] = f"/tickets/{ticket.id}"
    return await shown(desk, caller, ticket, response)


@router.post("/tickets/{number}/attachments", status_code=201, openapi_extra=BODY)
async def add_attachment(
    number: Id,
    desk: Desk,
    caller: Annotated[Caller, may("attachment:add")],
    response: Response,
    request: Request,
) -> TicketView:
    """Add a file of 20 MB at most."""

    def by_staff(ticket: Ticket) -> bool:
        return right(caller, "attachment:add", ticket) is Scope.ALL

    await read(desk, caller, "attachment:add", number)  # before the body is read
    async with uploaded(request) as (file, name):

        async def chunks() -> AsyncIterator[bytes]:
            while chunk := await file.read(CHUNK):
                yield chunk

        media_type = (file.content_type or "application/octet-stream")[:100]
        ticket = await desk.attachments.add(number, name, media_type, chunks(), by_staff, caller.origin)
    return await shown(desk, caller, ticket, response)


@router.get("/tickets/{number}/attachments/{attachment}", response_class=StreamingResponse, responses=FILE)
async def read_attachment(
    number: Id, attachment: Id, desk: Desk, caller: Annotated[Caller, may("attachment:read")]
) -> StreamingResponse:
    """The file, always as a download: it is never shown inside our pages."""
    ticket = await read(desk, caller, "attachment:read", number)
    found = next((there for there in ticket.attachments if there.id == attachment), None)
    if found is None:
        raise NotFound(f"there is no attachment {attachment}", f"没有编号为 {attachment} 的附件")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox",
        "Content-Length": str(found.size),
    }
    return StreamingResponse(
        desk.attachments.files.read(attachment), headers=headers, media_type="application/octet-stream"
    )

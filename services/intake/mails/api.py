"""Inbound mails over HTTP, for staff: what came, and what is on no ticket."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.intake.mails.domain import MailState
from services.intake.mails.handlers import MailHandlers
from services.intake.mails.views import MailView
from shared.domain import NotFound
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/mails", tags=["mails"])
RAW: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


async def handlers(request: Request) -> MailHandlers:
    found: MailHandlers = request.app.state.service.mails
    return found


Handlers = Annotated[MailHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("mail:read")]


@router.get("")
async def list_mails(
    mails: Handlers,
    _: MayRead,
    state: Annotated[MailState | None, Query(description="Only mails in this state")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[MailView]:
    """Mails of the last 30 days, the newest first."""
    query = {"state": state.value} if state else {}
    found, next = await mails.mails.page(query, mails.mails.newest_first, after, limit)
    return Page(items=[MailView.of(one) for one in found], next=next)


@router.get("/{mail}/source", response_class=StreamingResponse, responses=RAW)
async def read_mail_source(mail: Id, mails: Handlers, _: MayRead) -> StreamingResponse:
    """The mail as it came."""
    found = await mails.mails.get(mail)
    if not found.file:
        raise NotFound.of(mail)
    await mails.attachments.guard.require_released(found.file)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.id}.eml"',
        "Content-Security-Policy": "sandbox",
        "Content-Length": str(found.size),
    }
    return StreamingResponse(mails.files.read(found.file), headers=headers, media_type="application/octet-stream")


@router.post("/{mail}/acceptance")
async def accept_mail(
    mail: Id, mails: Handlers, caller: Annotated[Caller, may("mail:accept")], response: Response
) -> MailView:
    """Put an ignored mail on a ticket all the same."""
    found = await mails.insist(mail, caller.origin)
    tagged(response, found)
    return MailView.of(found)

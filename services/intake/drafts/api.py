"""Drafts over HTTP: everybody's own, on whichever device they go on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.intake.drafts.domain import Audience, Draft
from services.intake.drafts.handlers import DraftHandlers
from services.intake.drafts.views import DraftView, NewDraft, NewSending
from services.intake.tickets.access import TicketsDep, check_access
from shared.auth import Scope
from shared.domain import Forbidden
from shared.http import Caller, Page, may, tagged
from shared.telemetry import about_ticket
from shared.terms import Id

router = APIRouter(tags=["drafts"])


async def handlers(request: Request) -> DraftHandlers:
    found: DraftHandlers = request.app.state.service.drafts
    return found


Handlers = Annotated[DraftHandlers, Depends(handlers)]
MayManage = Annotated[Caller, may("draft:manage")]


@router.get("/v1/drafts")
async def list_drafts(drafts: Handlers, caller: MayManage) -> Page[DraftView]:
    """One's own drafts on all tickets, on one page; the last that was changed, first: 100 at most."""
    return _page(await drafts.of(caller.sub), caller)


@router.get("/v1/tickets/{ticket}/drafts")
async def list_ticket_drafts(ticket: Id, tickets: TicketsDep, drafts: Handlers, caller: MayManage) -> Page[DraftView]:
    """One's own drafts on this ticket, on one page: of each audience that one has written to there, one. Without text
    it was sent or thrown away."""
    await _ensure_may_post(ticket, tickets, caller)
    return _page(await drafts.on(ticket, caller.sub), caller)


@router.put("/v1/tickets/{ticket}/drafts/{audience}")
async def put_draft(
    ticket: Id,
    audience: Audience,
    body: NewDraft,
    tickets: TicketsDep,
    drafts: Handlers,
    caller: MayManage,
    response: Response,
) -> DraftView:
    """Keep what is typed. With `If-Match` what was typed on another device meanwhile is not overwritten unseen. It is
    forgotten 90 days after its last change."""
    await _ensure_may_post(ticket, tickets, caller)
    kept = await drafts.keep(ticket, audience, body.text, caller.principal, caller.origin)
    return _shown(kept, caller, response)


@router.post("/v1/tickets/{ticket}/drafts/{audience}/sending")
async def send_draft(
    ticket: Id,
    audience: Audience,
    body: NewSending,
    tickets: TicketsDep,
    drafts: Handlers,
    caller: MayManage,
    response: Response,
) -> DraftView:
    """Post it in ten seconds, as `POST …/messages` would; until then it can be taken back. It is posted once, and also
    when nobody is there any more. What cannot be posted then stays a draft, with the reason in `refused`."""
    await _ensure_may_post(ticket, tickets, caller)
    sent = await drafts.send(ticket, audience, body.text, caller.principal, caller.origin)
    return _shown(sent, caller, response)


@router.delete("/v1/tickets/{ticket}/drafts/{audience}/sending")
async def take_draft_back(
    ticket: Id,
    audience: Audience,
    tickets: TicketsDep,
    drafts: Handlers,
    caller: MayManage,
    response: Response,
) -> DraftView:
    """Take it back before it is posted: it is a draft again. Too late it is refused (409)."""
    await _ensure_may_post(ticket, tickets, caller)
    back = await drafts.take_back(ticket, audience, caller.sub, caller.origin)
    return _shown(back, caller, response)


async def _ensure_may_post(number: str, tickets: TicketsDep, caller: Caller) -> None:
    """As staff, which see notes too. Raises NotFound, Forbidden."""
    about_ticket(number)
    ticket = await tickets.store.get(number)
    if check_access(caller, "message:post", ticket) is not Scope.ALL:
        raise Forbidden("Customers have no drafts here", "客户没有草稿")


def _shown(draft: Draft, caller: Caller, response: Response) -> DraftView:
    tagged(response, draft)
    return DraftView.of(draft, caller.language)


def _page(drafts: list[Draft], caller: Caller) -> Page[DraftView]:
    return Page(items=[DraftView.of(one, caller.language) for one in drafts])

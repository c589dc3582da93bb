"""Who is on a ticket just now, over HTTP."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.triage.presence.domain import Doing, Present
from services.triage.presence.handlers import PresenceHandlers
from shared.http import Body, Caller, Page, View, example, may
from shared.terms import Id

router = APIRouter(tags=["presence"])
ON_TICKET = "/v1/tickets/{ticket}/presence"


class NewPresence(Body):
    model_config = example(doing="working")

    doing: Doing = Doing.VIEWING
    """viewing or working"""


class PresentView(View):
    sub: str
    """Who, as a subject"""
    name: str
    """Their name"""
    doing: Doing
    """viewing or working"""
    since: datetime
    """When they came"""
    until: datetime
    """When they count as gone, unless they say again that they are there"""


class TicketPresence(View):
    ticket: str
    """The ticket's number"""
    people: list[PresentView]
    """Who is on it, whoever came first, first"""


async def handlers(request: Request) -> PresenceHandlers:
    found: PresenceHandlers = request.app.state.service.presence
    return found


Handlers = Annotated[PresenceHandlers, Depends(handlers)]


@router.get(ON_TICKET)
async def list_present(ticket: Id, presence: Handlers, _: Annotated[Caller, may("presence:read")]) -> Page[PresentView]:
    """Who looks at the ticket or works on it just now, on one page; whoever came first, first."""
    return _page(await presence.read(ticket))


@router.put(ON_TICKET)
async def put_presence(
    ticket: Id, body: NewPresence, presence: Handlers, caller: Annotated[Caller, may("presence:manage")]
) -> Page[PresentView]:
    """Say that you are on the ticket, for the next 30 seconds: a page that is open says so every 20 seconds. The
    response is who is there."""
    known = caller.principal
    return _page(await presence.enter(ticket, known.sub, known.name or known.sub, body.doing))


@router.delete(ON_TICKET)
async def end_presence(
    ticket: Id, presence: Handlers, caller: Annotated[Caller, may("presence:manage")]
) -> Page[PresentView]:
    """Say that you have left the ticket, before the 30 seconds are over. The response is who is there."""
    await presence.leave(ticket, caller.sub)
    return _page(await presence.read(ticket))


@router.get("/v1/presences")
async def list_presences(presence: Handlers, _: Annotated[Caller, may("presence:read")]) -> Page[TicketPresence]:
    """The tickets that somebody is on just now, with who it is, on one page: 500 tickets at most, those first that
    somebody came to last."""
    people = await presence.read_all()
    return Page(items=[TicketPresence(ticket=ticket, people=_page(there).items) for ticket, there in people])


def _page(people: Iterable[Present]) -> Page[PresentView]:
    return Page(items=[PresentView.model_validate(one) for one in people])

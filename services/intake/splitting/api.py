"""Splitting tickets over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.intake.splitting.handlers import SplitHandlers
from services.intake.tickets.access import TicketView, check_access, shown
from shared.http import Body, Caller, example, may
from shared.telemetry import about_ticket
from shared.terms import Id, Line

router = APIRouter(prefix="/v1/tickets", tags=["splitting"])


class NewSplit(Body):
    model_config = example(
        title="Printing takes minutes", messages=["m3", "m4"], attachments=[], reason="Another problem than the crash"
    )

    title: Line
    """What the new ticket is about, in a line"""
    messages: Annotated[list[Id], Field(min_length=1, max_length=100)]
    """The ids of the messages that it is made of"""
    attachments: Annotated[list[Id], Field(max_length=100)] = Field(default_factory=list)
    """The ids of files that belong to it as well"""
    reason: Line
    """Why it is a ticket of its own"""


async def handlers(request: Request) -> SplitHandlers:
    found: SplitHandlers = request.app.state.service.splitting
    return found


@router.post("/{ticket}/splits", status_code=201)
async def split_ticket(
    ticket: Id,
    body: NewSplit,
    splitting: Annotated[SplitHandlers, Depends(handlers)],
    caller: Annotated[Caller, may("ticket:split")],
    response: Response,
) -> TicketView:
    """Make a ticket of its own of some messages. It follows this one and has its contact; the messages stay here too
    and say where they went (`split_to`). The response is the new ticket."""
    about_ticket(ticket)

    allow = partial(check_access, caller, "ticket:split")
    new = await splitting.split(ticket, body.title, body.messages, body.attachments, body.reason, caller.origin, allow)
    response.headers["Location"] = f"/v1/tickets/{new.id}"
    return await shown(splitting.tickets, caller, new, response)

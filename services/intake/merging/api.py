"""Merging tickets over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.intake.merging.handlers import MergeHandlers
from services.intake.tickets.access import TicketView, check_access, read, shown
from shared.http import Body, Caller, example, may
from shared.telemetry import about_ticket
from shared.terms import Id, Line, YesOrNo

router = APIRouter(prefix="/v1/tickets", tags=["merging"])


class NewMerge(Body):
    model_config = example(into="TK-2026-000001", reason="Both report the crash of the export")

    into: Id
    """The number of the ticket that goes on"""
    reason: Line
    """Why they are one"""
    other_company: YesOrNo = False
    """Whether a lead says that the customers of both tickets, though of different companies, may read each other"""
    even_if_waiting: YesOrNo = False
    """Whether to merge it even if its customer is asked about a solution"""


class MergeUndone(Body):
    model_config = example(reason="The second crash has another cause")

    reason: Line
    """Why they are two"""


async def handlers(request: Request) -> MergeHandlers:
    found: MergeHandlers = request.app.state.service.merging
    return found


Handlers = Annotated[MergeHandlers, Depends(handlers)]
MayMerge = Annotated[Caller, may("ticket:merge")]


@router.post("/{ticket}/merge")
async def merge_ticket(
    ticket: Id, body: NewMerge, merging: Handlers, caller: MayMerge, response: Response
) -> TicketView:
    """Merge a ticket into another one of the same company. It is closed as a duplicate and keeps its number; what is
    written on it goes to the other ticket, which its contact watches."""
    about_ticket(ticket)
    if body.other_company:
        caller.check("ticket:merge_across")

    await read(merging.tickets, caller, "ticket:merge", body.into)
    across, waiting = body.other_company, body.even_if_waiting
    allow = partial(check_access, caller, "ticket:merge")
    merged = await merging.merge(ticket, body.into, body.reason, across, waiting, caller.origin, allow)
    return await shown(merging.tickets, caller, merged, response)


@router.post("/{ticket}/unmerge")
async def unmerge_ticket(
    ticket: Id, body: MergeUndone, merging: Handlers, caller: MayMerge, response: Response
) -> TicketView:
    """Undo a merge: the ticket is at the stage that it had. What was written since stays on the other ticket, and is
    named in `merges`."""
    about_ticket(ticket)

    undone = await merging.undo(ticket, body.reason, caller.origin, partial(check_access, caller, "ticket:merge"))
    return await shown(merging.tickets, caller, undone, response)

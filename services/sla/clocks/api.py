"""SLA clocks over HTTP."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.sla.clocks.handlers import ClockHandlers
from services.sla.clocks.views import DueClock, DueClocks, TicketClocksView
from shared.http import Caller, may, tagged
from shared.terms import Id

router = APIRouter(tags=["sla"])
MayRead = Annotated[Caller, may("clock:read")]


async def handlers(request: Request) -> ClockHandlers:
    found: ClockHandlers = request.app.state.service.clocks
    return found


Handlers = Annotated[ClockHandlers, Depends(handlers)]


@router.get("/tickets/{number}/clocks")
async def read_clocks(number: Id, clocks: Handlers, caller: MayRead, response: Response) -> TicketClocksView:
    """Every clock of a ticket, with the time it counted and why it was paused."""
    ticket = await clocks.get(number)
    tagged(response, ticket)
    return TicketClocksView.of(ticket, clocks.now(), clocks.working_time_of(ticket), caller.language)


@router.get("/clocks/due")
async def list_due_clocks(
    clocks: Handlers,
    caller: MayRead,
    within_hours: Annotated[float, Query(ge=0, le=168)] = 8,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> DueClocks:
    """Running clocks that are due within so many hours or are overdue, the most urgent first; of `limit` tickets."""
    now, within = clocks.now(), timedelta(hours=within_hours)
    found = [
        DueClock.of(ticket, kind, now, clocks.working_time_of(ticket), caller.language)
        for ticket in await clocks.running_out(within, limit)
        for kind in ticket.running_out(now + within)
    ]
    return DueClocks(items=sorted(found, key=lambda clock: (clock.due_at or now, clock.ticket)))

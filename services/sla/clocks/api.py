"""SLA clocks over HTTP."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.sla.clocks.handlers import ClockHandlers
from services.sla.clocks.views import DueClockView, TicketClocksView
from shared.http import After, Caller, Page, may, tagged
from shared.terms import Id, Known, Priority

router = APIRouter(prefix="/v1", tags=["clocks"])
MayRead = Annotated[Caller, may("clock:read")]


async def handlers(request: Request) -> ClockHandlers:
    found: ClockHandlers = request.app.state.service.clocks
    return found


Handlers = Annotated[ClockHandlers, Depends(handlers)]


@router.get("/tickets/{ticket}/clocks")
async def read_clocks(ticket: Id, clocks: Handlers, caller: MayRead, response: Response) -> TicketClocksView:
    """Every clock of a ticket: the time it counted, why it was paused and by whom, and all of it in words."""
    found = await clocks.get(ticket)
    tagged(response, found)
    return TicketClocksView.of(found, clocks.now(), clocks.rules, caller.language)


@router.get("/clocks")
async def list_due_clocks(
    clocks: Handlers,
    caller: MayRead,
    within_hours: Annotated[float, Query(ge=0, le=168, description="How soon they are due")] = 8,
    company: Annotated[str | None, Query(max_length=200, description="Only of this company's tickets")] = None,
    priority: Annotated[Known[Priority] | None, Query(description="Only of tickets with this priority")] = None,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Of how many tickets a page is at most")] = 50,
) -> Page[DueClockView]:
    """List running clocks that are due soon or are overdue, ticket by ticket, the most urgent first."""
    wanted = {"company": company, "priority": priority}
    query = {name: str(value) for name, value in wanted.items() if value is not None}
    now = clocks.now()
    until = now + timedelta(hours=within_hours)
    tickets, next = await clocks.running_out(until, query, after, limit)
    found = [
        DueClockView.of(ticket, kind, now, clocks.working_time_of(ticket), caller.language)
        for ticket in tickets
        for kind in ticket.running_out(until)
    ]
    return Page(items=sorted(found, key=lambda clock: (clock.due_at or now, clock.ticket)), next=next)

"""The clocks over HTTP."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from services.sla.calendars.domain import Week
from services.sla.calendars.views import CalendarView
from services.sla.clocks.views import DueClock, DueClocks, TicketClocksView
from services.sla.handlers import Sla
from services.sla.policies.domain import Promises
from services.sla.policies.views import PolicyList, PolicyView
from services.sla.reviews.domain import Statistics
from shared.http import Body, Caller, may, service, tagged
from shared.terms import Day, Id, Moment, OptionalLine

router = APIRouter(tags=["sla"])
Service = Annotated[Sla, Depends(service)]
When = Annotated[Moment | Day | None, Query(union_mode="left_to_right")]


class PolicyBody(Body):
    """A version that holds from the beginning of `valid_from`, from now on without it. Promises that are not named
    stay as they are."""

    company: OptionalLine = ""
    valid_from: Day | None = None
    calendar: Id = "cn"
    promises: Promises = Field(default_factory=dict)


@router.get("/tickets/{number}/clocks")
async def clocks_of_ticket(
    number: Id, sla: Service, caller: Annotated[Caller, may("clock:read")], response: Response
) -> TicketClocksView:
    """Every clock of a ticket, with what it counted and why it paused."""
    ticket, hours = await sla.of(number)
    tagged(response, ticket)
    return TicketClocksView.of(ticket, sla.now(), hours, caller.language)


@router.get("/clocks/due")
async def clocks_due(
    sla: Service,
    caller: Annotated[Caller, may("clock:read")],
    within_hours: Annotated[float, Query(ge=0, le=168)] = 8,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> DueClocks:
    """Running clocks that run out within so many hours or have run out, the most urgent first; of `limit` tickets."""
    now = sla.now()
    found = [
        DueClock.of(ticket, kind, now, hours, caller.language)
        for ticket, hours in await sla.running_out(timedelta(hours=within_hours), limit)
        for kind in ticket.running_out(now + timedelta(hours=within_hours))
    ]
    return DueClocks(items=sorted(found, key=lambda clock: (clock.due_at or now, clock.ticket)))


@router.get("/policies")
async def policies(sla: Service, _: Annotated[Caller, may("policy:read")]) -> PolicyList:
    """What is promised to whom: the default first."""
    found = [policy async for policy in sla.policies.all()]
    return PolicyList(items=[PolicyView.of(policy, sla.now()) for policy in sorted(found, key=lambda p: p.company)])


@router.get("/policies/{id}")
async def policy(id: Id, sla: Service, _: Annotated[Caller, may("policy:read")], response: Response) -> PolicyView:
    found = await sla.policies.get(id)
    tagged(response, found)
    return PolicyView.of(found, sla.now())


@router.put("/policies/{id}")
async def put_policy(
    id: Id, body: PolicyBody, sla: Service, caller: Annotated[Caller, may("policy:change")], response: Response
) -> PolicyView:
    """Promise something else from a day on. Open tickets keep what they were promised."""
    new = await sla.put_policy(id, body.company, body.valid_from, body.calendar, body.promises, caller.origin)
    tagged(response, new)
    return PolicyView.of(new, sla.now())


@router.get("/calendars/{id}")
async def calendar(
    id: Id, sla: Service, _: Annotated[Caller, may("calendar:read")], response: Response
) -> CalendarView:
    found = await sla.calendars.get(id)
    tagged(response, found)
    return CalendarView.of(found)


@router.put("/calendars/{id}")
async def put_calendar(
    id: Id, body: Week, sla: Service, caller: Annotated[Caller, may("calendar:change")], response: Response
) -> CalendarView:
    """Set the working time. Deadlines of open tickets are counted again; clocks that stopped stay as they are."""
    new = await sla.put_calendar(id, body, caller.origin)
    tagged(response, new)
    return CalendarView.of(new)


@router.get("/statistics")
async def read_statistics(
    sla: Service, _: Annotated[Caller, may("statistics:read")], since: When = None, until: When = None
) -> Statistics:
    """Of the tickets opened from `since` until before `until` (moments, or days of the calendar `cn`)."""
    return await sla.statistics(since, until)

"""A ticket's timeline over HTTP."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from services.intake.tickets.access import TicketsDep, check_access, read
from services.intake.timeline.domain import audience_of_customer
from services.intake.timeline.handlers import TimelineHandlers
from services.intake.timeline.kinds import Group
from services.intake.timeline.views import TimelineEntry, labels_of, names_on
from shared.auth import Scope
from shared.http import After, Caller, Limit, Page, Sort, Sorted, may
from shared.terms import Id, Moment

router = APIRouter(prefix="/v1/tickets", tags=["timeline"])
# Another ticket may have had the number before an older backup was restored. What was told so long before this one was
# opened is of that one; less is the clock of another host.
SKEW = timedelta(minutes=10)


async def handlers(request: Request) -> TimelineHandlers:
    found: TimelineHandlers = request.app.state.service.timeline
    return found


Handlers = Annotated[TimelineHandlers, Depends(handlers)]


@router.get("/{ticket}/timeline")
async def read_timeline(
    ticket: Id,
    tickets: TicketsDep,
    timeline: Handlers,
    caller: Annotated[Caller, may("ticket:read")],
    group: Annotated[Group | None, Query(description="Only entries of this group")] = None,
    since: Annotated[Moment | None, Query(description="Only what happened then or later")] = None,
    sort: Sorted = Sort.NEWEST,
    after: After = None,
    limit: Limit = 50,
) -> Page[TimelineEntry]:
    """Everything that happened to a ticket: messages, changes, work, clocks, deliveries, as all services told it, each
    with a sentence in both languages. Customers see what concerns them: no internal notes, no internal verification, no
    clocks, and of deliveries those to themselves. What has just happened may be missing for a moment."""
    found = await read(tickets, caller, "ticket:read", ticket)
    is_staff = check_access(caller, "ticket:read", found) is Scope.ALL
    customers = audience_of_customer(found.contact.sub, found.contact.email)
    wanted: dict[str, Any] = {"ticket": ticket}
    if group:
        wanted["group"] = group.value
    if not is_staff:
        wanted["audience"] = customers
    begin = max(since or found.opened_at - SKEW, found.opened_at - SKEW)
    entries, next = await timeline.store.entries(wanted, begin, sort is Sort.OLDEST, after, limit)
    names, labels = names_on(found, entries), labels_of(found)
    if is_staff:
        return Page(items=[TimelineEntry.for_staff(one, names, customers, labels) for one in entries], next=next)
    return Page(items=[TimelineEntry.for_customer(one, names, labels) for one in entries], next=next)

"""The lists of tickets over HTTP."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query, Request

from services.intake.tickets.access import TicketsDep
from services.intake.tickets.listed import ListFilters
from services.intake.tickets.search import Found, TicketSearch
from services.intake.tickets.store import ROW
from shared.domain import Forbidden
from shared.http import After, Caller, Limit, Page, View, may
from shared.store import Row
from shared.terms import Category, Priority, Stage, Status, WaitingFor


class TicketOrder(StrEnum):
    """The order of a list of tickets. Of one priority the newest come first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    UPDATED = "updated"
    PRIORITY = "priority"


LISTED = (*ROW, "contact.sub")
router = APIRouter(prefix="/v1/tickets", tags=["tickets"])


class TicketRow(View):
    """A ticket in a list."""

    ticket: str
    """Its number"""
    title: str
    """What the problem is called"""
    status: Status
    """Follows from the stage"""
    stage: Stage
    """Where it is in the process"""
    waiting_for: WaitingFor
    """Whom it waits for"""
    category: Category | None
    """What kind of problem it is; null until it is diagnosed"""
    priority: Priority | None
    """How urgent it is; null until it is diagnosed"""
    customer: str
    """The customer's id"""
    customer_name: str
    """Their name: the company's, or the person's"""
    company: str
    """Their company; empty if there is none"""
    assignee: str
    """The engineer, as a subject; empty if nobody has it"""
    assignee_name: str
    """Their name"""
    opened_at: datetime
    """When it was opened"""

    @classmethod
    def of(cls, row: Row) -> Self:
        known = {"ticket": row["id"], "title": row["problem"]["title"], "status": Stage.of(row["stage"]).status}
        return cls.model_validate({"customer_name": row["customer"], **row, **known})  # an older release kept no name


async def search_of(request: Request) -> TicketSearch:
    found: TicketSearch = request.app.state.service.search
    return found


def may_read(caller: Caller, row: Row) -> bool:
    """The index may be a second behind."""
    try:
        caller.check("ticket:read", row["contact"].get("sub") or "", row["company"])
    except Forbidden:
        return False
    return True


@router.get("")
async def list_tickets(
    tickets: TicketsDep,
    caller: Annotated[Caller, may("ticket:read")],
    filters: Annotated[ListFilters, Depends()],
    search: Annotated[TicketSearch, Depends(search_of)],
    sort: Annotated[TicketOrder, Query(description="Which come first")] = TicketOrder.NEWEST,
    after: After = None,
    limit: Limit = 50,
) -> Page[TicketRow]:
    """Tickets: the caller's own, their company's, or all, depending on their role. The newest come first or the oldest,
    those that were changed last (`updated`) or the most urgent (`priority`). The latter two are as the search knows
    them: what was changed in the last seconds may still stand where it was."""
    if sort in (TicketOrder.UPDATED, TicketOrder.PRIORITY):
        asked = await filters.searched(tickets, caller)
        hits = await search.find(asked, Found(sort.value), after, limit, LISTED)
        rows, next = [row for row in hits.rows if may_read(caller, row)], hits.next
    else:
        wanted = await filters.wanted(tickets, caller, "ticket:read")
        found = tickets.store.oldest if sort is TicketOrder.OLDEST else tickets.store.newest
        rows, next = await found(wanted, filters.opened, after, limit)
    return Page(items=[TicketRow.of(row) for row in rows], next=next)

"""The lists of tickets over HTTP."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends

from services.intake.tickets.access import TicketsDep
from services.intake.tickets.listed import ListFilters
from shared.http import After, Caller, Limit, Page, Sort, Sorted, View, may
from shared.store import Row
from shared.terms import Category, Priority, Stage, Status, WaitingFor

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


@router.get("")
async def list_tickets(
    tickets: TicketsDep,
    caller: Annotated[Caller, may("ticket:read")],
    filters: Annotated[ListFilters, Depends()],
    sort: Sorted = Sort.NEWEST,
    after: After = None,
    limit: Limit = 50,
) -> Page[TicketRow]:
    """Tickets, the newest first or the oldest: the caller's own, their company's, or all, depending on their role."""
    wanted = await filters.wanted(tickets, caller, "ticket:read")
    found = tickets.store.oldest if sort is Sort.OLDEST else tickets.store.newest
    rows, next = await found(wanted, filters.opened, after, limit)
    return Page(items=[TicketRow.of(row) for row in rows], next=next)

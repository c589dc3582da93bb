"""The lists of tickets over HTTP."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query

from services.intake.tickets.access import TicketsDep
from shared.auth import Scope
from shared.http import After, Caller, Limit, Page, Sort, Sorted, View, may
from shared.store import Row
from shared.terms import SUBJECT_LENGTH, Category, Id, Known, Moment, Priority, Stage, Status, WaitingFor

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
    status: Annotated[Status | None, Query(description="Only tickets with this status")] = None,
    stage: Annotated[Known[Stage] | None, Query(description="Only tickets at this stage")] = None,
    waiting_for: Annotated[Known[WaitingFor] | None, Query(description="Only tickets that wait for this")] = None,
    category: Annotated[Known[Category] | None, Query(description="Only this kind of problem")] = None,
    priority: Annotated[Known[Priority] | None, Query(description="Only tickets with this priority")] = None,
    customer: Annotated[Id | None, Query(description="Only of this customer, by id, and all merged into it")] = None,
    company: Annotated[str | None, Query(max_length=200, description="Only of this company")] = None,
    assignee: Annotated[
        str | None, Query(max_length=SUBJECT_LENGTH, description="Only of this engineer; empty: only of nobody")
    ] = None,
    opened_after: Annotated[Moment | None, Query(description="Only tickets opened then or later")] = None,
    opened_before: Annotated[Moment | None, Query(description="Only tickets opened earlier")] = None,
    sort: Sorted = Sort.NEWEST,
    after: After = None,
    limit: Limit = 50,
) -> Page[TicketRow]:
    """Tickets, the newest first or the oldest: the caller's own, their company's, or all, depending on their role."""
    filters = {
        "stage": stage,
        "waiting_for": waiting_for,
        "category": category,
        "priority": priority,
        "company": company,
        "assignee": assignee,
    }
    wanted: dict[str, str | list[str]] = {name: str(value) for name, value in filters.items() if value is not None}
    if status:
        wanted["stage"] = [one.value for one in Stage if one.status is status and stage in (None, one)]
    if customer:
        wanted["customer"] = await tickets.customers.ids_of(customer)
    scope = caller.scope_of("ticket:read")
    own_company = caller.principal.company  # nobody's company is no company that anybody shares
    if scope is Scope.COMPANY and own_company:
        wanted["company"] = own_company if company in (None, own_company) else []
    elif scope is not Scope.ALL:
        wanted["contact.sub"] = caller.sub
    found = tickets.store.oldest if sort is Sort.OLDEST else tickets.store.newest
    rows, next = await found(wanted, (opened_after, opened_before), after, limit)
    return Page(items=[TicketRow.of(row) for row in rows], next=next)

"""Tickets over HTTP: opening, reading and amending them, and their lists."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.intake.tickets.access import TicketsDep, change, is_staff, read, shown
from services.intake.tickets.domain import Ticket
from services.intake.tickets.store import SHOWN
from services.intake.tickets.ticket_view import TicketView
from services.intake.tickets.views import Amendment, NewTicket, TicketRow
from shared.auth import Scope, scopes_of
from shared.domain import Forbidden, Invalid
from shared.events import Contact, Event
from shared.http import After, Caller, Limit, Page, may
from shared.telemetry import about_ticket
from shared.terms import Channel, Id

router = APIRouter(tags=["tickets"])


@router.post(
    "/tickets",
    status_code=201,
    responses={200: {"model": TicketView, "description": "The request is repeated"}},
)
async def open_ticket(
    body: NewTicket, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:open")], response: Response
) -> TicketView:
    """Open a ticket. What is missing in the description is asked for in guided questions.

    A repeated request is answered with 200 and the existing ticket: the same `Idempotency-Key` or, without one, the
    same content from the same person within a minute.
    """
    contact, company, channel, taken_by = _customer(body, caller)
    ticket, is_new = await tickets.open(body.problem(), company, contact, channel, taken_by, caller.origin)
    about_ticket(ticket.id)
    if not is_new:
        response.status_code = 200
    response.headers["Location"] = f"/tickets/{ticket.id}"
    return await shown(tickets, caller, ticket, response)


@router.get("/tickets")
async def list_tickets(
    tickets: TicketsDep, caller: Annotated[Caller, may("ticket:read")], after: After = None, limit: Limit = 50
) -> Page[TicketRow]:
    """Tickets, newest first: the caller's own, their company's, or all, depending on their role."""
    scope = caller.scope_of("ticket:read")
    query = {}
    if scope is Scope.OWN:
        query = {"contact.sub": caller.sub}
    elif scope is Scope.COMPANY:
        company = caller.principal.company  # nobody's company is no company that anybody shares
        query = {"company": company} if company else {"contact.sub": caller.sub}
    rows, next = await tickets.store.page_of_rows(query, tickets.store.newest_first, after, limit, SHOWN)
    return Page(items=[TicketRow.of(row) for row in rows], next=next)


@router.get("/tickets/{number}")
async def read_ticket(
    number: Id, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:read")], response: Response
) -> TicketView:
    """A ticket; customers see it without internal notes."""
    ticket = await read(tickets, caller, "ticket:read", number)
    return await shown(tickets, caller, ticket, response)


@router.patch("/tickets/{number}")
async def amend_ticket(
    number: Id, body: Amendment, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:amend")], response: Response
) -> TicketView:
    """Correct or complete the description of the problem."""
    facts = body.model_dump(exclude_none=True)
    if not facts:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    now = tickets.now()

    def decide(ticket: Ticket) -> list[Event]:
        return ticket.amend(facts, is_staff(caller, "ticket:amend", ticket), now)

    return await change(tickets, caller, "ticket:amend", number, decide, response)


def _customer(body: NewTicket, caller: Caller) -> tuple[Contact, str, Channel, str]:
    """Whose ticket it is, their company, the channel it came through, and who took it. Raises Forbidden, Invalid."""
    who = caller.principal
    if body.customer:
        if not caller.sees_all("ticket:open"):
            raise Forbidden("Only staff can open tickets for others", "只有工作人员可以代他人提交工单")
        if who.sub == body.customer.sub or (who.email and who.email.lower() == body.customer.email.lower()):
            raise Forbidden(
                "You cannot be the customer of a ticket that you open for others", "代他人提交工单时，客户不能是您本人"
            )
        contact = Contact(**body.customer.model_dump(exclude={"company"}))
        return contact, body.customer.company, body.channel, who.sub
    if scopes_of(who, caller.permissions["ticket:open"]) == {Scope.ALL}:
        raise Invalid("`customer` is required", "`customer` 为必填项", "body.customer")
    language = who.language[:2] if who.language[:2] in ("zh", "en") else caller.language
    contact = Contact(name=who.name or who.sub, sub=who.sub, email=who.email, language=language)
    return contact, who.company, Channel.ONLINE, f"channel:{Channel.ONLINE}"

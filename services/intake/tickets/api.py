"""Intake over HTTP: opening tickets, lists, what is known of a problem."""

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


@router.post("/tickets", status_code=201, responses={200: {"model": TicketView, "description": "It is a repetition"}})
async def open_ticket(
    body: NewTicket, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:open")], response: Response
) -> TicketView:
    """Open a ticket. What the description leaves open comes back as guided questions.

    Answers 200 with the ticket that there is when the request is a repetition: the same Idempotency-Key, or, without
    one, the same content by the same person within a minute.
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
    """Newest first: one's own, the company's, or all, as the role allows."""
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
    ticket = await read(tickets, caller, "ticket:read", number)
    return await shown(tickets, caller, ticket, response)


@router.patch("/tickets/{number}")
async def amend_ticket(
    number: Id, body: Amendment, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:amend")], response: Response
) -> TicketView:
    """Correct or complete what is known of the problem."""
    facts = body.model_dump(exclude_none=True)
    if not facts:
        raise Invalid("nothing to amend", "没有需要修改的内容")
    now = tickets.now()

    def decide(ticket: Ticket) -> list[Event]:
        return ticket.amend(facts, is_staff(caller, "ticket:amend", ticket), now)

    return await change(tickets, caller, "ticket:amend", number, decide, response)


def _customer(body: NewTicket, caller: Caller) -> tuple[Contact, str, Channel, str]:
    """Whose ticket it is, their company, the channel it came through, and who took it. Raises Forbidden, Invalid."""
    who = caller.principal
    if body.customer:
        if not caller.sees_all("ticket:open"):
            raise Forbidden("only staff open tickets for others", "只有工作人员可以代他人提交工单")
        if who.sub == body.customer.sub or (who.email and who.email.lower() == body.customer.email.lower()):
            raise Forbidden("nobody is their own customer; name theirs", "不能将自己登记为客户，请填写客户的信息")
        contact = Contact(**body.customer.model_dump(exclude={"company"}))
        return contact, body.customer.company, body.channel, who.sub
    if scopes_of(who, caller.permissions["ticket:open"]) == {Scope.ALL}:
        raise Invalid("say for which customer", "请填写客户信息")
    language = who.language[:2] if who.language[:2] in ("zh", "en") else caller.language
    contact = Contact(name=who.name or who.sub, sub=who.sub, email=who.email, language=language)
    return contact, who.company, Channel.ONLINE, f"channel:{Channel.ONLINE}"

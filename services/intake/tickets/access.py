"""What every route on a ticket stands on: who may do it, as whom, and what they get to see."""

from typing import Annotated

from fastapi import Depends, Request, Response

from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.values import Author
from services.intake.tickets.views import TicketView as TicketView
from shared.auth import Scope
from shared.domain import Forbidden, NotFound
from shared.http import Caller, repeatable, tagged
from shared.store import Allow, Decide
from shared.telemetry import about_ticket


async def handlers(request: Request) -> TicketHandlers:
    found: TicketHandlers = request.app.state.service.tickets
    return found


TicketsDep = Annotated[TicketHandlers, Depends(handlers)]


def check_access(caller: Caller, permission: str, ticket: Ticket) -> Scope:
    """By which right the caller does this to the ticket. Raises Forbidden; NotFound to who may not even read it: to
    them somebody else's ticket looks like none at all."""
    owner, company = ticket.contact.sub, ticket.company
    try:
        return caller.check(permission, owner, company)
    except Forbidden:
        if _may_read(caller, owner, company):
            raise
        raise NotFound.of(ticket.id) from None


def is_staff(caller: Caller, permission: str, ticket: Ticket) -> bool:
    """Whether they do this as staff: who does it by the right of a customer is one, whatever else they are."""
    return check_access(caller, permission, ticket) is Scope.ALL


def author(caller: Caller, scope: Scope) -> Author:
    return Author(caller.sub, caller.principal.name or caller.sub, scope is Scope.ALL)


async def read(tickets: TicketHandlers, caller: Caller, permission: str, number: str) -> Ticket:
    about_ticket(number)
    ticket = await tickets.store.get(number)
    check_access(caller, permission, ticket)
    return ticket


async def change(
    tickets: TicketHandlers,
    caller: Caller,
    permission: str | Allow[Ticket],
    number: str,
    decide: Decide[Ticket],
    response: Response,
    is_repeatable: bool = False,
) -> TicketView:
    """Load the ticket, check the permission before anything else is said about it, decide, answer with its ETag.
    `is_repeatable`: the same request within a minute counts as one, also without a key."""
    about_ticket(number)

    def allow(ticket: Ticket) -> object:
        return check_access(caller, permission, ticket) if isinstance(permission, str) else permission(ticket)

    origin = repeatable(caller.origin) if is_repeatable else caller.origin
    return await shown(tickets, caller, await tickets.store.change(number, decide, origin, allow), response)


async def shown(tickets: TicketHandlers, caller: Caller, ticket: Ticket, response: Response) -> TicketView:
    tagged(response, ticket)
    if caller.sees_all("ticket:read"):
        return TicketView.for_staff(ticket)
    split_to = [message.split_to for message in ticket.messages]
    others = [*ticket.linked, *ticket.merged, *split_to, ticket.followed_by, ticket.merged_into, ticket.split_from]
    readable = await readable_of(tickets, caller, others)
    return TicketView.for_customer(ticket, readable)


async def readable_of(tickets: TicketHandlers, caller: Caller, numbers: list[str]) -> set[str]:
    """Those of these tickets that the caller may read."""
    wanted = list(dict.fromkeys(number for number in numbers if number))
    if caller.sees_all("ticket:read"):
        return set(wanted)
    rows = await tickets.store.rows({"_id": {"$in": wanted}}, ("contact.sub", "company")) if wanted else []
    return {row["id"] for row in rows if _may_read(caller, row["contact"].get("sub", ""), row["company"])}


def _may_read(caller: Caller, owner: str, company: str) -> bool:
    try:
        caller.check("ticket:read", owner, company)
    except Forbidden:
        return False
    return True

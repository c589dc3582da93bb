"""What every route on a ticket stands on: who may do it, as whom, and what they get to see."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Response

from services.intake.handlers import Intake
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Speaker
from services.intake.views import TicketView
from shared.auth import Scope
from shared.domain import Forbidden, NotFound
from shared.events import Event
from shared.http import Caller, repeatable, service, tagged
from shared.telemetry import about_ticket

Desk = Annotated[Intake, Depends(service)]
Act = Callable[[Ticket, bool], list[Event]]  # the bool: whether it is staff that acts
Right = Callable[[Ticket], Scope]


def right(caller: Caller, permission: str, ticket: Ticket) -> Scope:
    """By which right the caller does this to the ticket. Raises Forbidden; NotFound to who may not even read it: to
    them somebody else's ticket looks like none at all."""
    owner, company = ticket.contact.sub, ticket.company
    try:
        return caller.check(permission, owner, company)
    except Forbidden:
        if _may_read(caller, owner, company):
            raise
        raise NotFound.of(ticket.id) from None


def speaker(caller: Caller, right: Scope) -> Speaker:
    """Who acts by the right of a customer is one, whatever else they are."""
    return Speaker(caller.sub, caller.principal.name or caller.sub, right is Scope.ALL)


async def read(desk: Intake, caller: Caller, permission: str, number: str) -> Ticket:
    about_ticket(number)
    ticket = await desk.tickets.get(number)
    right(caller, permission, ticket)
    return ticket


async def change(
    desk: Intake,
    caller: Caller,
    permission: str | Right,
    number: str,
    act: Act,
    response: Response,
    again: bool = False,
) -> TicketView:
    """Whether they may is decided before anything else is said about the ticket. `again`: the same request within a
    minute counts as one, also without a key."""
    about_ticket(number)

    def allow(ticket: Ticket) -> Scope:
        return right(caller, permission, ticket) if isinstance(permission, str) else permission(ticket)

    def decide(ticket: Ticket) -> list[Event]:
        return act(ticket, allow(ticket) is Scope.ALL)

    origin = repeatable(caller.origin) if again else caller.origin
    ticket = await desk.change(number, decide, origin, allow)
    return await shown(desk, caller, ticket, response)


async def shown(desk: Intake, caller: Caller, ticket: Ticket, response: Response) -> TicketView:
    tagged(response, ticket)
    if caller.sees_all("ticket:read"):
        return TicketView.for_staff(ticket)
    return TicketView.for_customer(ticket, await _seen(desk, caller, [*ticket.linked, ticket.followed_by]))


async def _seen(desk: Intake, caller: Caller, numbers: list[str]) -> set[str]:
    """Those of these tickets that the caller may read."""
    wanted = [number for number in numbers if number]
    rows = await desk.tickets.rows({"_id": {"$in": wanted}}, ("contact.sub", "company")) if wanted else []
    return {row["id"] for row in rows if _may_read(caller, row["contact"].get("sub", ""), row["company"])}


def _may_read(caller: Caller, owner: str, company: str) -> bool:
    try:
        caller.check("ticket:read", owner, company)
    except Forbidden:
        return False
    return True

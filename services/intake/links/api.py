"""Sending customers links, over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response

from services.intake.links import domain
from services.intake.links.views import LinkSent, NewLink
from services.intake.tickets.access import TicketsDep, change
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(tags=["verification"])


@router.post("/tickets/{number}/links", status_code=202)
async def send_link(
    number: Id, body: NewLink, tickets: TicketsDep, caller: Annotated[Caller, may("link:send")], response: Response
) -> LinkSent:
    """Send the customer a link for one action that needs no sign-in. It goes to the contact's own email address and is
    shown to nobody else; it is valid for seven days and ends with the round."""
    decide = partial(domain.request, action=body.action, now=tickets.now())
    ticket = await change(tickets, caller, "link:send", number, decide, response, is_repeatable=True)
    return LinkSent(action=body.action, round=ticket.round, sent_to=domain.masked(ticket.contact.email))

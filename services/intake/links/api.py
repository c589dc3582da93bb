"""Sending customers links, over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response

from services.intake.links import domain
from services.intake.links.views import LinkSent, NewLink
from services.intake.tickets.access import TicketsDep, change
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(prefix="/v1/tickets", tags=["verification"])


@router.post("/{ticket}/links", status_code=202)
async def send_link(
    ticket: Id, body: NewLink, tickets: TicketsDep, caller: Annotated[Caller, may("link:send")], response: Response
) -> LinkSent:
    """Send the customer a link for one action that needs no sign-in. It goes to the contact's own address, of mail or
    in the messenger that they write from, and is shown to nobody else; it is valid for seven days and ends with the
    round."""
    decide = partial(domain.request, action=body.action, now=tickets.now(), tool=body.tool, purpose=body.purpose)
    asked = await change(tickets, caller, "link:send", ticket, decide, response, is_repeatable=True)
    return LinkSent(
        action=body.action,
        round=asked.round,
        sent_to=domain.masked(domain.address_of(asked.contact.email, asked.contact.address)),
    )

"""Consents to remote assistance, over HTTP: given by customers, or recorded by staff in the customer's words."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response

from services.intake.consents import domain
from services.intake.consents.views import NewConsent
from services.intake.tickets.access import TicketsDep, TicketView, change, check_access
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Consent
from shared.auth import Scope
from shared.domain import Forbidden, Invalid
from shared.events import Event
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(prefix="/v1/tickets", tags=["verification"])


@router.post("/{ticket}/consents", status_code=201)
async def give_consent(
    ticket: Id, body: NewConsent, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:read")], response: Response
) -> TicketView:
    """Give consent to remote assistance, or, as staff, record a consent in the customer's words."""
    now = tickets.now()
    if body.expires_at and body.expires_at <= now:
        raise Invalid("`expires_at` must be in the future", "`expires_at` 须晚于当前时间", "body.expires_at")

    def decide(ticket: Ticket) -> list[Event]:
        by_staff = _scope(caller, ticket) is Scope.ALL
        if by_staff and not body.given_by:
            raise Invalid(
                "`given_by` is required: who gave consent", "`given_by` 为必填项：请填写授权人", "body.given_by"
            )
        consent = Consent(
            id=f"c{len(ticket.consents) + 1}",
            scope=body.scope,
            tool=body.tool,
            purpose=body.purpose,
            message=body.message,
            given_by=body.given_by if by_staff else caller.principal.name or caller.sub,
            recorded_by=caller.sub,
            words=body.words,
            at=now,
            expires_at=body.expires_at,
        )
        return domain.give(ticket, consent, now)

    return await change(tickets, caller, partial(_scope, caller), ticket, decide, response)


@router.post("/{ticket}/consents/{consent}/revocation")
async def revoke_consent(
    ticket: Id, consent: Id, tickets: TicketsDep, caller: Annotated[Caller, may("consent:revoke")], response: Response
) -> TicketView:
    """Revoke a consent: remote sessions under it end, and no new one can start."""
    decide = partial(domain.revoke, id=consent, now=tickets.now())
    return await change(tickets, caller, "consent:revoke", ticket, decide, response)


def _scope(caller: Caller, ticket: Ticket) -> Scope:
    """By which right they say that consent was given. Raises NotFound, Forbidden."""
    check_access(caller, "ticket:read", ticket)
    try:
        return caller.check("consent:give", ticket.contact.sub, ticket.company)
    except Forbidden:
        return caller.check("consent:record", ticket.contact.sub, ticket.company)

"""Written consent to remote assistance (P3.1)."""

from datetime import datetime

from services.intake.tickets import sizes
from services.intake.tickets.domain import Full, Ticket
from services.intake.tickets.sizes import weight_of
from services.intake.tickets.values import Consent
from shared.domain import Invalid
from shared.events import Event, TicketConsentGiven, TicketConsentRevoked
from shared.terms import Stage

CONSENTS = 100


def give(ticket: Ticket, consent: Consent, now: datetime) -> list[Event]:
    ticket.must_not_be(Stage.ARCHIVED, "given consent for", "授权")
    if any(there.id == consent.id for there in ticket.consents):
        return []
    if len(ticket.consents) >= CONSENTS or weight_of([*ticket.consents, consent]) > sizes.CONSENTS:
        raise Full("the ticket takes no more consents", "该工单的授权记录已满")
    ticket.consents.append(consent)
    return [
        TicketConsentGiven(
            subject=ticket.id,
            time=now,
            consent=consent.id,
            scope=consent.scope,
            given_by=consent.given_by,
            words=consent.words,
            expires_at=consent.expires_at,
        )
    ]


def revoke(ticket: Ticket, id: str, now: datetime) -> list[Event]:
    consent = next((there for there in ticket.consents if there.id == id), None)
    if consent is None:
        raise Invalid(f"there is no consent {id}", f"没有编号为 {id} 的授权")
    if consent.revoked_at:
        return []
    consent.revoked_at = now
    return [TicketConsentRevoked(subject=ticket.id, time=now, consent=id)]

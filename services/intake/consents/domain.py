"""Written consent to remote assistance (P3.1)."""

from datetime import datetime

from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.sizes import CONSENTS_BYTES, total_size
from services.intake.tickets.values import Consent
from shared.domain import NotFound
from shared.events import Event, TicketConsentGiven, TicketConsentRevoked

MAX_CONSENTS = 100


def give(ticket: Ticket, consent: Consent, now: datetime) -> list[Event]:
    """Raises WrongState, LimitReached."""
    ticket.require_open("consent to remote assistance cannot be given", "不能授权远程协助")
    if any(known.id == consent.id for known in ticket.consents):
        return []
    if len(ticket.consents) >= MAX_CONSENTS or total_size([*ticket.consents, consent]) > CONSENTS_BYTES:
        raise LimitReached(f"{ticket.id} cannot have more consents", f"{ticket.id} 的远程协助授权数已达上限")
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
    """Raises NotFound."""
    consent = next((one for one in ticket.consents if one.id == id), None)
    if consent is None:
        raise NotFound(f"{ticket.id} has no consent {id}", f"{ticket.id} 没有远程协助授权 {id}")
    if consent.revoked_at:
        return []
    consent.revoked_at = now
    return [TicketConsentRevoked(subject=ticket.id, time=now, consent=id)]

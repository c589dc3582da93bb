"""Written consent to remote assistance (P3.1)."""

import hashlib
from datetime import datetime

from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.sizes import CONSENTS_BYTES, total_size
from services.intake.tickets.values import Consent
from shared.domain import Invalid, NotFound
from shared.events import Event, TicketConsentGiven, TicketConsentRevoked

MAX_CONSENTS = 100


def give(ticket: Ticket, consent: Consent, now: datetime) -> list[Event]:
    """Raises WrongState, LimitReached; Invalid for a message that is not the customer's, and for no words at all."""
    ticket.require_open("consent to remote assistance cannot be given", "不能授权远程协助")
    if any(known.id == consent.id for known in ticket.consents):
        return []
    consent = _in_writing(ticket, consent)
    if len(ticket.consents) >= MAX_CONSENTS or total_size([*ticket.consents, consent]) > CONSENTS_BYTES:
        raise LimitReached(f"{ticket.id} cannot have more consents", f"{ticket.id} 的远程协助授权数已达上限")
    ticket.consents.append(consent)
    return [
        TicketConsentGiven(
            subject=ticket.id,
            time=now,
            consent=consent.id,
            scope=consent.scope,
            tool=consent.tool,
            purpose=consent.purpose,
            given_by=consent.given_by,
            words=consent.words,
            expires_at=consent.expires_at,
        )
    ]


def _in_writing(ticket: Ticket, consent: Consent) -> Consent:
    """With the words of the message in which it was given, and their hash, so that it shows if they are changed."""
    words = consent.words
    if consent.message:
        found = next((one for one in ticket.messages if one.id == consent.message), None)
        if found is None or found.by_staff or found.internal:
            raise Invalid(
                f"{consent.message} is no message of the customer on this ticket",
                f"{consent.message} 不是客户在该工单上的留言",
                "body.message",
            )
        words = found.text
    if not words:
        raise Invalid("`words` or `message` is required", "请填写 `words` 或 `message`", "body.words")
    return consent.model_copy(update={"words": words, "sha256": hashlib.sha256(words.encode()).hexdigest()})


def revoke(ticket: Ticket, id: str, now: datetime) -> list[Event]:
    """Raises NotFound."""
    consent = next((one for one in ticket.consents if one.id == id), None)
    if consent is None:
        raise NotFound(f"{ticket.id} has no consent {id}", f"{ticket.id} 没有远程协助授权 {id}")
    if consent.revoked_at:
        return []
    consent.revoked_at = now
    return [TicketConsentRevoked(subject=ticket.id, time=now, consent=id)]

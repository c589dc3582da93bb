"""Waiting for a customer to rate the service (P5.1): they are reminded once, when half of the time is over."""

from datetime import datetime, timedelta

from services.intake.tickets.domain import Ticket
from shared.events import Event, TicketLinkRequested


def wait_for_rating(ticket: Ticket, now: datetime, wait: timedelta) -> None:
    ticket.due_at, ticket.rated_until = now + wait / 2, now + wait


def remind_to_rate(ticket: Ticket, now: datetime) -> list[Event]:
    ticket.due_at, ticket.rated_until = ticket.rated_until, None
    to = ticket.contact.email
    if not (to or ticket.contact.sub):
        return []
    return [TicketLinkRequested(subject=ticket.id, time=now, action="give_feedback", round=ticket.round, to=to)]

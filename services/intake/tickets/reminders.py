"""Guided questions that nobody answers (P1.3): the customer is reminded, and in the end the ticket goes on without."""

from datetime import datetime, timedelta

from services.intake.tickets import closing
from services.intake.tickets.domain import REMIND_AFTER, Ticket
from shared.events import Event, TicketQuestionsAsked
from shared.terms import WaitingFor

GO_ON_AFTER = timedelta(days=1)  # the last reminder
APART = timedelta(days=1)  # at least, also when the desk was away for days


def when_due(ticket: Ticket, now: datetime) -> list[Event]:
    """What a ticket waited for did not come in time."""
    if ticket.due_at is None or now < ticket.due_at:
        return []
    if ticket.waiting_for == WaitingFor.CUSTOMER_INFORMATION:
        return _remind(ticket, now)
    return closing.feedback_timed_out(ticket, now)


def _remind(ticket: Ticket, now: datetime) -> list[Event]:
    if ticket.reminders >= len(REMIND_AFTER) or not ticket.questions:
        ticket.lacking, ticket.incomplete = False, bool(ticket.questions)
        return ticket.update_stage("questions_ran_out", now)
    asked_at = (ticket.due_at or now) - REMIND_AFTER[ticket.reminders]
    ticket.reminders += 1
    ticket.asked = [question.field for question in ticket.questions]
    following = [asked_at + after for after in REMIND_AFTER[ticket.reminders :]] or [now + GO_ON_AFTER]
    ticket.due_at = max(following[0], now + APART)
    return [TicketQuestionsAsked(subject=ticket.id, time=now, questions=ticket.questions, reminder=ticket.reminders)]

"""What a customer is asked and does not answer: they are reminded, and in the end the ticket goes on without answers to
its questions (P1.3); one with a solution that they do not judge is closed as unanswered, never as solved (P4.2)."""

from datetime import datetime, timedelta

from services.intake.tickets import closing
from services.intake.tickets.domain import REMIND_AFTER, Ticket
from shared.events import Event, TicketLinkRequested, TicketQuestionsAsked
from shared.terms import Outcome, WaitingFor

GO_ON_AFTER = timedelta(days=1)  # the last reminder
SILENCE = timedelta(days=14)
APART = timedelta(days=1)  # at least, also when the desk was away for days


def when_due(ticket: Ticket, now: datetime, silence: timedelta | None = SILENCE) -> list[Event]:
    """What a ticket waited for did not come in time. `silence` is how long a customer is waited for to judge a
    solution, None: for ever."""
    if ticket.due_at is None or now < ticket.due_at:
        return []
    if ticket.waiting_for == WaitingFor.CUSTOMER_INFORMATION:
        return _remind(ticket, now)
    if ticket.waiting_for == WaitingFor.CUSTOMER_VERIFICATION:
        return _remind_of_solution(ticket, now, silence)
    if ticket.second_plan and not ticket.second_plan_result:
        return closing.remind_of_plan(ticket, now)
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


def _remind_of_solution(ticket: Ticket, now: datetime, silence: timedelta | None) -> list[Event]:
    if ticket.reminders >= len(REMIND_AFTER):
        ticket.due_at = None
        return _give_up(ticket, now, silence) if silence else []
    asked_at = (ticket.due_at or now) - REMIND_AFTER[ticket.reminders]
    ticket.reminders += 1
    following = [asked_at + after for after in REMIND_AFTER[ticket.reminders :]]
    following += [asked_at + silence] if silence else []
    ticket.due_at = max(following[0], now + APART) if following else None
    to = ticket.contact.email
    if not (to or ticket.contact.sub):
        return []
    return [TicketLinkRequested(subject=ticket.id, time=now, action="accept_solution", round=ticket.round, to=to)]


def _give_up(ticket: Ticket, now: datetime, silence: timedelta) -> list[Event]:
    reason = (
        f"客户 {silence.days} 天内未反馈解决方案是否有效，提醒 {ticket.reminders} 次后关闭 · "
        f"Closed after {ticket.reminders} reminders: the customer did not say within {silence.days} days whether the "
        "solution works"
    )
    return closing.close(ticket, Outcome.NO_ANSWER, reason[:200], "", now)

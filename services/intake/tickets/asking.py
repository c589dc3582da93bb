"""Which form a ticket is asked by, and what it still lacks (P1.3).

A ticket keeps the version of the form by which it was asked. Where its product or category become known, or answers
make other fields necessary, it is asked for what it was never asked for, and for nothing a second time.
"""

from datetime import datetime

from services.intake.forms.catalog import Forms
from services.intake.forms.domain import DEFAULT, AppliedForm
from services.intake.tickets.domain import Ticket
from services.intake.tickets.questions import missing_fields
from shared.events import Event, TicketQuestionsAsked

MOST_ASKED = 60  # fields of one ticket


def form_of(ticket: Ticket) -> AppliedForm:
    return ticket.form or DEFAULT


def subject_of(ticket: Ticket) -> tuple[str, str]:
    """What a ticket is about: which form holds follows from it."""
    return ticket.problem.product, ticket.category or ""


def follow(ticket: Ticket, forms: Forms | None, before: tuple[str, str], now: datetime) -> list[Event]:
    """Ask for what is missing and was never asked for. `before` is what the ticket was about until this change: only
    where that is another now, another form holds. The stage is brought up to date by who calls this; without `forms`
    nothing is asked."""
    if forms is None or ticket.solution_in_review or ticket.resolved_at or ticket.completed_at or ticket.merged_into:
        return []
    if subject_of(ticket) != before:
        new = forms.applied(*subject_of(ticket))
        if new.form != form_of(ticket).form:
            ticket.form = new if new.is_declared else None
            ticket.ever_asked = _ever_asked(ticket)
    elif ticket.form is None:
        return []
    asked = _ever_asked(ticket)
    missing = [key for key in missing_fields(ticket.problem, form_of(ticket)) if key not in asked]
    missing = missing[: MOST_ASKED - len(asked)]
    if not missing:
        return []
    questions = form_of(ticket).questions(missing)
    seen = ticket.asked if ticket.questions else []
    ticket.asked, ticket.ever_asked = [*seen, *missing], [*asked, *missing]
    ticket.questions = [*ticket.questions, *questions]
    ticket.lacking, ticket.incomplete = True, False
    return [TicketQuestionsAsked(subject=ticket.id, time=now, questions=questions, first=len(seen) + 1)]


def _ever_asked(ticket: Ticket) -> list[str]:
    """Tickets of older releases remember the last time only."""
    return list(dict.fromkeys([*ticket.ever_asked, *ticket.asked, *(one.field for one in ticket.questions)]))

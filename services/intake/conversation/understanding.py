"""What a customer says later of the problem (P1.2, P1.3): answers to what was asked, and what was not given yet."""

from collections.abc import Mapping
from datetime import datetime

from services.intake.conversation.answers import numbered
from services.intake.conversation.unnumbered import unnumbered
from services.intake.forms.catalog import NO_FORMS, Forms
from services.intake.forms.fields import has_room, with_values
from services.intake.information.domain import extract
from services.intake.tickets.amending import complete
from services.intake.tickets.asking import form_of
from services.intake.tickets.domain import Ticket
from services.intake.tickets.facts import remember
from services.intake.tickets.questions import facts_in
from services.intake.tickets.sizes import truncated
from shared.events import Event, TicketQuestionsAnswered, TicketQuestionsAsked, UnfitAnswer

SAID_BYTES = 200  # of an answer that does not fit, as it is told back


def take_answers(ticket: Ticket, answers: dict[str, str], now: datetime) -> TicketQuestionsAnswered:
    """They end the wait for them. Raises Invalid where there is no room for them."""
    ticket.problem = with_values(ticket.problem, answers)
    ticket.found = [field for field in ticket.found if field not in answers]
    ticket.questions = [question for question in ticket.questions if question.field not in answers]
    ticket.lacking = ticket.incomplete = False
    return TicketQuestionsAnswered(
        subject=ticket.id,
        time=now,
        answers=answers,
        problem=ticket.problem,
        missing=[question.field for question in ticket.questions],
        assignee=ticket.assignee,
    )


def take_said(ticket: Ticket, text: str, forms: Forms | None, now: datetime) -> list[Event]:
    """Fields that nobody gave are filled with what the text tells of them; what was given, or found before, is left as
    it is. Its stack traces are the ticket's."""
    remember(ticket, extract("", text).fingerprints)
    return complete(ticket, facts_in("", text, ticket.problem, (forms or NO_FORMS).products), now)


def understand(ticket: Ticket, text: str, now: datetime) -> tuple[list[Event], list[Event]]:
    """Answers to open questions in a message, and what the customer is told of those that do not fit: of each question
    once, with all that is open numbered anew. Then they are waited for."""
    form, open_fields = form_of(ticket), [question.field for question in ticket.questions]
    said = numbered(text, ticket.asked) or unnumbered(text, open_fields, form)
    said = {field: words for field, words in said.items() if field in open_fields}
    read = {field: known for field, words in said.items() if (known := form.taken(field, words))}
    answered: list[Event] = [take_answers(ticket, read, now)] if read and has_room(ticket.problem, read) else []
    unfit = {field: words for field, words in said.items() if field not in read and field not in ticket.told_unfit}
    return answered, _ask_again(ticket, unfit, now)


def _ask_again(ticket: Ticket, unfit: Mapping[str, str], now: datetime) -> list[Event]:
    told = [
        UnfitAnswer(field=field, said=truncated(" ".join(words.split()), SAID_BYTES, "…"), en=why.en, zh=why.zh)
        for field, words in unfit.items()
        if (why := form_of(ticket).why_not(field, words))
    ]
    if not told or ticket.solution_in_review or ticket.resolved_at:
        return []
    ticket.told_unfit = [*ticket.told_unfit, *(one.field for one in told)]
    ticket.asked, ticket.lacking = [question.field for question in ticket.questions], True
    return [TicketQuestionsAsked(subject=ticket.id, time=now, questions=ticket.questions, unfit=told)]

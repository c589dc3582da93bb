"""What is said about a ticket (P1.2, P1.3): messages and answers to guided questions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from services.intake.conversation.understanding import take_answers, take_said, understand
from services.intake.forms.catalog import Forms
from services.intake.tickets.asking import follow, form_of, subject_of
from services.intake.tickets.closing import REOPEN_WITHIN, reopen, require_here
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.sizes import CONVERSATION_BYTES, json_size, total_size
from services.intake.tickets.values import Author, Message
from shared.domain import Conflict, Forbidden, Invalid
from shared.events import Event, TicketMessagePosted
from shared.terms import Channel, Stage, Text

NOTHING: Mapping[str, str] = MappingProxyType({})
MAX_MESSAGES = 2_000


class NoOpenQuestions(Conflict):
    title = Text("No open questions", "没有待回答的问题")


def answer(
    ticket: Ticket,
    answers: Mapping[str, str],
    author: Author,
    now: datetime,
    forms: Forms | None = None,
    beside: Mapping[str, str] = NOTHING,
) -> list[Event]:
    """Answers to the guided questions become facts of the problem and an entry of the conversation; what is said
    `beside`, about questions that are no longer open, only stands there.

    They are the customer's words, whoever types them, and end the wait for them; where they make other fields
    necessary, those are asked for. Raises NoOpenQuestions, Invalid, MovedOn.
    """
    require_here(ticket)
    ticket.require_open("questions cannot be answered", "不能回答问题")
    asked = {question.field: question for question in ticket.questions}
    if not asked:
        raise NoOpenQuestions(f"{ticket.id} has no open questions", f"{ticket.id} 没有待回答的问题")
    if unknown := [name for name in answers if name not in asked]:
        raise Invalid(
            f"There is no open question about {', '.join(unknown)}; open: {', '.join(asked)}",
            f"没有关于 {'、'.join(unknown)} 的待回答问题；待回答：{'、'.join(asked)}",
            "body.answers",
        )
    form = form_of(ticket)
    read = {name: one.read(said, f"body.answers.{name}") if (one := form.field(name)) else said
            for name, said in answers.items()}  # fmt: skip
    shown = {
        name: one.shown(read[name]).in_(ticket.contact.language) if (one := form.field(name)) else said
        for name, said in answers.items()
    }
    text, subject = as_text(ticket, {**shown, **beside}), subject_of(ticket)
    answered = take_answers(ticket, read, now)
    posted = _add_message(ticket, text, author, False, ticket.channel, now)
    told = take_said(ticket, "\n".join((*answers.values(), *beside.values())), forms, now)
    more = follow(ticket, forms, subject, now)
    return [answered, posted, *told, *more, *ticket.update_stage("questions_answered", now)]


def continue_in(ticket: Ticket, number: str) -> list[Event]:
    """The customer wrote again when this one could not be reopened any more: that ticket follows it."""
    ticket.followed_by = ticket.followed_by or number
    return []


def post(
    ticket: Ticket,
    text: str,
    author: Author,
    internal: bool,
    channel: Channel,
    now: datetime,
    reopen_within: timedelta = REOPEN_WITHIN,
    via: str = "",
    forms: Forms | None = None,
    reply_to: str = "",
) -> list[Event]:
    """A customer's message reopens a completed ticket, so that somebody reads it, and ends the wait for information.
    What they number as the questions were is an answer to them, and so is what can be an answer to one of them only;
    what else it tells fills fields that nobody gave; where that makes other fields necessary, those are asked for. A
    note on a merged ticket stays there. `via` is the merged ticket that it was written on.

    Raises TooLateToReopen, LimitReached, Forbidden, MovedOn.
    """
    if not internal:
        require_here(ticket)
    posted = _add_message(ticket, text, author, internal, channel, now, via, reply_to)
    if author.by_staff:
        return [posted]
    ticket.lacking = False
    if ticket.stage is Stage.ARCHIVED:
        return [posted, *take_said(ticket, text, forms, now), *reopen(ticket, text, now, reopen_within)]
    if via:  # they were asked others, and spoke of another problem
        return [posted, *ticket.update_stage("message_posted", now)]
    subject = subject_of(ticket)
    answered, unfit = understand(ticket, text, now)
    told = take_said(ticket, text, forms, now)
    more = follow(ticket, forms, subject, now) if answered or told else []
    return [*answered, posted, *told, *unfit, *more, *ticket.update_stage("message_posted", now)]


def as_text(ticket: Ticket, answers: Mapping[str, str]) -> str:
    """Each under its question, in the customer's language."""
    language = ticket.contact.language
    questions = (*form_of(ticket).questions(list(answers)), *ticket.questions)  # it may have been asked in other words
    asked = {question.field: Text(question.en, question.zh).in_(language) for question in questions}
    return "\n".join(f"{asked.get(field, field)}\n{given}" for field, given in answers.items())


def _add_message(
    ticket: Ticket,
    text: str,
    author: Author,
    internal: bool,
    channel: Channel,
    now: datetime,
    via: str = "",
    reply_to: str = "",
) -> TicketMessagePosted:
    if internal and not author.by_staff:
        raise Forbidden("Only staff can add internal notes", "只有工作人员可以添加内部备注")
    message = Message(
        id=f"m{len(ticket.messages) + 1}",
        author=author.id,
        name=author.name,
        by_staff=author.by_staff,
        internal=internal,
        channel=channel,
        at=now,
        text=text,
        recorded_by=author.recorded_by,
        via=via,
    )
    size = (ticket.said_bytes or total_size(ticket.messages)) + json_size(message)
    if len(ticket.messages) >= MAX_MESSAGES or size > CONVERSATION_BYTES:
        raise LimitReached(
            "The conversation has reached its limit; please open a new ticket", "沟通记录已达上限，请提交新工单"
        )
    ticket.said_bytes = size
    ticket.messages.append(message)
    return TicketMessagePosted(
        subject=ticket.id,
        time=now,
        message=message.id,
        author=author.id,
        by_staff=author.by_staff,
        internal=internal,
        text="" if internal else text,
        recorded_by=author.recorded_by,
        assignee=ticket.assignee,
        channel=_channel_of_customer(ticket) if author.by_staff else channel,
        reply_to=reply_to,
    )


def _channel_of_customer(ticket: Ticket) -> Channel:
    """By which they wrote last."""
    theirs = (one.channel for one in reversed(ticket.messages) if not one.by_staff)
    return next(theirs, ticket.channel)

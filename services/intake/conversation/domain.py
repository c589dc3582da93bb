"""What is said about a ticket (P1.2, P1.3): messages, answers to guided questions, attachments."""

from datetime import datetime

from services.intake.tickets.closing import reopened
from services.intake.tickets.domain import Full, Ticket
from services.intake.tickets.sizes import CONVERSATION, weight, weight_of
from services.intake.tickets.values import Attachment, Message, Speaker
from shared.domain import Conflict, Forbidden, Invalid
from shared.events import Event, TicketAttachmentAdded, TicketMessagePosted, TicketQuestionsAnswered
from shared.terms import Channel, Stage, Text

MESSAGES = 2_000
ATTACHMENTS = 100


class NothingAsked(Conflict):
    title = Text("Nothing was asked", "没有待回答的问题")


def answer(ticket: Ticket, answers: dict[str, str], speaker: Speaker, now: datetime) -> list[Event]:
    """Answers to the guided questions become facts of the problem and an entry of the conversation.

    They are the customer's words, whoever types them, and end the wait for them. Raises NothingAsked, Invalid.
    """
    ticket.must_not_be(Stage.ARCHIVED, "answered", "回答")
    asked = {question.field: question for question in ticket.questions}
    if not asked:
        raise NothingAsked("no question is open on this ticket", "该工单没有待回答的问题")
    if unknown := [name for name in answers if name not in asked]:
        raise Invalid(
            f"nobody asked for {', '.join(unknown)}; open: {', '.join(asked)}",
            f"未询问 {'、'.join(unknown)}；待回答：{'、'.join(asked)}",
        )
    ticket.problem = ticket.problem.model_copy(update=answers)
    left = [field for field in asked if field not in answers]
    ticket.questions = [asked[field] for field in left]
    ticket.lacking = False
    language = ticket.contact.language
    said = "\n".join(f"{Text(asked[f].en, asked[f].zh).in_(language)}\n{text}" for f, text in answers.items())
    answered = TicketQuestionsAnswered(
        subject=ticket.id,
        time=now,
        answers=answers,
        problem=ticket.problem,
        missing=left,
        assignee=ticket.assignee,
    )
    posted = _say(ticket, said, speaker, False, ticket.channel, now)
    return [answered, posted, *ticket.settle("questions_answered", now)]


def post(ticket: Ticket, text: str, speaker: Speaker, internal: bool, channel: Channel, now: datetime) -> list[Event]:
    """The customer's word reopens a completed ticket, so that somebody reads it, and ends the wait for information.

    Raises TooLateToReopen, Full, Forbidden.
    """
    posted = _say(ticket, text, speaker, internal, channel, now)
    if speaker.by_staff:
        return [posted]
    ticket.lacking = False
    if ticket.stage is not Stage.ARCHIVED:
        return [posted, *ticket.settle("message_posted", now)]
    return [posted, reopened(ticket, text, now), *ticket.settle("reopened", now)]


def attach(ticket: Ticket, attachment: Attachment, by_staff: bool, now: datetime) -> list[Event]:
    """A file of the customer's, such as the log that was asked for, ends the wait for information. Raises Full."""
    if any(there.id == attachment.id for there in ticket.attachments):
        return []
    if not by_staff:
        ticket.must_not_be(
            Stage.ARCHIVED, "given files; write a message to reopen it", "添加附件，请先留言重新打开工单"
        )
    if len(ticket.attachments) >= ATTACHMENTS:
        raise Full(f"a ticket takes {ATTACHMENTS} attachments", f"每个工单最多 {ATTACHMENTS} 个附件")
    ticket.attachments.append(attachment)
    if not by_staff:
        ticket.lacking = False
    added = TicketAttachmentAdded(
        subject=ticket.id,
        time=now,
        attachment=attachment.id,
        name=attachment.name,
        size=attachment.size,
        media_type=attachment.media_type,
        sha256=attachment.sha256,
        by_staff=by_staff,
    )
    return [added, *ticket.settle("attachment_added", now)]


def _say(
    ticket: Ticket, text: str, speaker: Speaker, internal: bool, channel: Channel, now: datetime
) -> TicketMessagePosted:
    if internal and not speaker.by_staff:
        raise Forbidden("notes are for staff", "内部备注仅限工作人员")
    message = Message(
        id=f"m{len(ticket.messages) + 1}",
        author=speaker.author,
        name=speaker.name,
        by_staff=speaker.by_staff,
        internal=internal,
        channel=channel,
        at=now,
        text=text,
        recorded_by=speaker.recorded_by,
    )
    weighed = (ticket.said_bytes or weight_of(ticket.messages)) + weight(message)
    if len(ticket.messages) >= MESSAGES or weighed > CONVERSATION:
        raise Full("the conversation is full; please open a new ticket", "对话内容已满，请提交新工单")
    ticket.said_bytes = weighed
    ticket.messages.append(message)
    return TicketMessagePosted(
        subject=ticket.id,
        time=now,
        message=message.id,
        author=speaker.author,
        by_staff=speaker.by_staff,
        internal=internal,
        text="" if internal else text,
        recorded_by=speaker.recorded_by,
        assignee=ticket.assignee,
    )

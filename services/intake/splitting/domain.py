"""Chosen messages and files of a ticket become a ticket of their own (P1.4), which follows it and has its contact.

The ticket first says what is to be split off, then the new one is opened under the id of that, then the ticket says
which it is: wherever that stops, it goes on from there.
"""

import hashlib
from datetime import datetime

from services.intake.conversation.texts import PART_CHARACTERS
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.sizes import total_size
from services.intake.tickets.values import Message, Related, Split
from shared.domain import Conflict, Invalid
from shared.events import Event, Problem, RelationKind, TicketAttachmentAdded, TicketRelated, TicketSplit
from shared.terms import Text

MAX_SPLITS = 50
TAKEN_OVER = ("product", "product_version", "module", "environment")


class AlreadySplit(Conflict):
    title = Text("Already split off", "已拆分")


def split_id(key: str) -> str:
    """Of a request: the same each time it is sent."""
    return f"s{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def begin(
    ticket: Ticket,
    id: str,
    title: str,
    messages: list[str],
    attachments: list[str],
    reason: str,
    by: str,
    now: datetime,
) -> list[Event]:
    """Raises Invalid, AlreadySplit, LimitReached."""
    if any(one.id == id for one in ticket.splits):
        return []
    chosen = _chosen(ticket, messages)
    known = {one.id for one in ticket.attachments}
    if unknown := [one for one in attachments if one not in known]:
        raise Invalid(
            f"{ticket.id} has no attachment {unknown[0]}", f"{ticket.id} 没有附件 {unknown[0]}", "body.attachments"
        )
    if taken := [one for one in chosen if one.split_to] or _taken(ticket, messages):
        raise AlreadySplit(f"{taken[0].id} was already split off", f"{taken[0].id} 已拆分")
    if len(ticket.splits) >= MAX_SPLITS:
        raise LimitReached(f"A ticket can be split at most {MAX_SPLITS} times", f"每个工单最多拆分 {MAX_SPLITS} 次")
    ordered = [one.id for one in chosen]
    new = Split(id=id, title=title, messages=ordered, attachments=attachments, reason=reason, by=by, at=now)
    ticket.splits.append(new)
    return [TicketSplit(subject=ticket.id, time=now, split=id, reason=reason)]


def problem_of(ticket: Ticket, split: Split) -> Problem:
    """Of the new ticket: what the customer said, else what anybody said."""
    chosen = [one for one in _chosen(ticket, split.messages) if not one.internal]
    said = [one for one in chosen if not one.by_staff] or chosen
    text = "\n\n".join(one.text for one in said)[:PART_CHARACTERS] or split.title
    known = {name: getattr(ticket.problem, name) for name in TAKEN_OVER}
    return Problem(title=split.title, description=text, **known)


def furnish(new: Ticket, ticket: Ticket, split: Split, now: datetime) -> list[Event]:
    """What was chosen stands on the new ticket too. Nobody is told of messages again."""
    messages = _chosen(ticket, split.messages)
    new.split_from = ticket.id
    new.messages = [
        one.model_copy(update={"id": f"m{place}", "via": ticket.id, "split_to": ""})
        for place, one in enumerate(messages, start=1)
    ]
    new.said_bytes = total_size(new.messages)
    files = [one for one in ticket.attachments if one.id in split.attachments]
    new.attachments = [one.model_copy(update={"via": ticket.id}) for one in files]
    follows = RelationKind.FOLLOWS
    new.relations = [Related(kind=follows, ticket=ticket.id, reason=split.reason, by=split.by, at=now)]
    events: list[Event] = [TicketRelated(subject=new.id, time=now, relation=follows, to=ticket.id, reason=split.reason)]
    events += [
        TicketAttachmentAdded(
            subject=new.id,
            time=now,
            attachment=one.id,
            name=one.name,
            size=one.size,
            media_type=one.media_type,
            sha256=one.sha256,
            by_staff=True,
        )
        for one in files
    ]
    return events


def end(ticket: Ticket, id: str, new: str) -> list[Event]:
    """The messages stay, and say where they went."""
    split = next((one for one in ticket.splits if one.id == id and not one.ticket), None)
    if split is None:
        return []
    ticket.splits = [one.model_copy(update={"ticket": new}) if one.id == id else one for one in ticket.splits]
    ticket.messages = [
        one.model_copy(update={"split_to": new}) if one.id in split.messages else one for one in ticket.messages
    ]
    ticket.said_bytes = total_size(ticket.messages)
    return []


def _chosen(ticket: Ticket, ids: list[str]) -> list[Message]:
    """In the order of the conversation. Raises Invalid."""
    known = {one.id for one in ticket.messages}
    if unknown := [one for one in ids if one not in known]:
        raise Invalid(f"{ticket.id} has no message {unknown[0]}", f"{ticket.id} 没有消息 {unknown[0]}", "body.messages")
    return [one for one in ticket.messages if one.id in ids]


def _taken(ticket: Ticket, ids: list[str]) -> list[Message]:
    """Those that a split which is under way has chosen."""
    under_way = {id for one in ticket.splits for id in one.messages}
    return [one for one in ticket.messages if one.id in ids and one.id in under_way]

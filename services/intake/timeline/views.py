"""A timeline as its reader may see it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import DESK, author_id
from services.intake.timeline.domain import Change, Entry, Reason
from services.intake.timeline.kinds import NO_LABELS, Group, Labels, label_of
from shared.domain import SERVICE
from shared.http import View
from shared.terms import Channel, Text

Shown = str | int | float | bool | list[str]


class Visibility(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"


class TimelineActor(View):
    id: str
    """A subject, `mailto:` and a guest's address, or `service:` and the service; empty if nobody said"""
    name: str
    """Their name; where it is not known, the id"""


class TimelineText(View):
    en: str
    """In English"""
    zh: str
    """In Chinese"""


class TimelineChange(View):
    field: str
    """What was changed"""
    label: TimelineText
    """What that is called"""
    before: Shown | None
    """What it was until then, long texts shortened; null: nothing, or not known"""
    after: Shown | None
    """What it is since then, long texts shortened; null: nothing"""


class TimelineEntry(View):
    """Something that happened to a ticket."""

    id: str
    """The event's id"""
    kind: str
    """The kind of event; its type where only a newer release knows it"""
    group: Group
    """Which part of the work it belongs to"""
    at: datetime
    """When it happened; the list is in the order in which it was told"""
    actor: TimelineActor
    """Who did it"""
    channel: Channel | None
    """How it came or went; null where there is none"""
    text: TimelineText
    """What happened, in a sentence"""
    details: dict[str, Shown]
    """What else is known, by name; long texts are shortened, messages are found in the ticket by `message`"""
    changes: list[TimelineChange]
    """What it changed"""
    reason: TimelineText | None
    """Why; what a person gave as a reason is the same in both languages"""
    visibility: Visibility
    """Whether customers see it"""
    cause: str
    """The id of the event or request that led to it; empty where there is none, and to customers"""

    @classmethod
    def for_staff(
        cls, entry: Entry, names: Mapping[str, str], customers: Collection[str], labels: Labels = NO_LABELS
    ) -> Self:
        """`customers` are the audiences that the ticket's customer belongs to."""
        return cls._of(entry, entry, names, entry.audience in customers, labels)

    @classmethod
    def for_customer(cls, entry: Entry, names: Mapping[str, str], labels: Labels = NO_LABELS) -> Self:
        shown = entry.about.shown or ()
        seen = {
            "details": {name: value for name, value in entry.details.items() if name in shown},
            # Why two tickets are not one is the desk's.
            "reason": entry.reason if entry.about.reason in shown and not entry.details.get("undone") else None,
            "changes": entry.changes if "changes" in shown else [],
            "cause": "",
        }
        return cls._of(entry.model_copy(update=seen), entry, names, True, labels)

    @classmethod
    def _of(cls, seen: Entry, whole: Entry, names: Mapping[str, str], is_seen: bool, labels: Labels) -> Self:
        channel, text = whole.details.get("channel"), whole.text_with(labels)
        return cls(
            id=seen.event,
            kind=seen.kind,
            group=_group(seen),
            at=seen.at,
            actor=TimelineActor(id=seen.actor, name=_name(seen.actor, names)),
            channel=Channel.of(channel) if isinstance(channel, str) and channel else None,
            text=TimelineText(en=text.en, zh=text.zh),
            details=seen.details,
            changes=[_change(one, labels) for one in seen.changes],
            reason=_reason(seen.reason),
            visibility=Visibility.CUSTOMER if is_seen else Visibility.STAFF,
            cause=seen.cause,
        )


def labels_of(ticket: Ticket) -> dict[str, Text]:
    """Of the fields that its form declares."""
    return {one.key: one.label for one in ticket.form.fields if one.is_custom} if ticket.form else {}


def names_on(ticket: Ticket, entries: Collection[Entry]) -> dict[str, str]:
    """Of those who have to do with it, by who they are."""
    said = {one.author: one.name for one in ticket.messages if not one.recorded_by}
    had = {str(one.details.get("engineer", "")): str(one.details.get("engineer_name", "")) for one in entries}
    has = {ticket.assignee: ticket.assignee_name, author_id(ticket.contact): ticket.contact.name}
    return {id: name for id, name in {**had, **said, **has}.items() if id and name}


def _change(one: Change, labels: Labels) -> TimelineChange:
    label = label_of(one.field, labels)
    label_text = TimelineText(en=label.en, zh=label.zh)
    return TimelineChange(field=one.field, label=label_text, before=one.before, after=one.after)


def _name(actor: str, names: Mapping[str, str]) -> str:
    return names.get(actor) or (DESK.name if actor.startswith(SERVICE) else actor)


def _group(entry: Entry) -> Group:
    """One that only a newer release knows is another."""
    return Group(entry.group) if entry.group in set(Group) else Group.OTHER


def _reason(reason: Reason | None) -> TimelineText | None:
    return TimelineText(en=reason.en, zh=reason.zh) if reason else None

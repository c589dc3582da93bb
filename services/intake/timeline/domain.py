"""An entry of a ticket's timeline: one event, in few bytes. It follows from the event alone, so whichever entry comes
first, and however often, the timeline is the same."""

from collections.abc import Mapping
from typing import Any

from pydantic import AwareDatetime, Field

from services.intake.timeline.kinds import ITEM_BYTES, NO_LABELS, Detail, Group, Kind, Labels, detail, excerpt
from services.intake.timeline.others_kinds import LATER_KINDS, WORK_KINDS
from services.intake.timeline.own_kinds import FOLLOWING_KINDS, OWN_KINDS, TAKEN_OVER, TAKEN_OVER_KIND
from shared.domain import Aggregate, Value
from shared.events import (
    REVIEW_EVENTS,
    ContactErased,
    CustomerMerged,
    Event,
    ImportPartTaken,
    IncidentDismissed,
    IncidentOpened,
    IncidentPriorityRaised,
    IncidentProposed,
    IncidentResolved,
    IncidentUpdated,
    KbArticleApproved,
    KbArticlePublished,
    KbArticleStale,
    KbFollowUpDue,
    KbReleasePackReady,
    KbReviewDue,
    KbTrainingHeld,
    KbTrainingPlanned,
    MailBounced,
    NotifyDelivered,
    NotifyFailed,
    NotifyWebhookDisabled,
    ProductReleaseUpcoming,
    ProductVersionReleased,
    SlaCalendarChanged,
    SlaPolicyChanged,
    SlaYearMissing,
    TicketMessagePosted,
)
from shared.terms import Text

KINDS: Mapping[type[Event], Kind] = {**OWN_KINDS, **WORK_KINDS, **FOLLOWING_KINDS, **LATER_KINDS}
BY_NAME = {event.kind: kind for event, kind in KINDS.items()} | {TAKEN_OVER: TAKEN_OVER_KIND}
RANKS = {
    event: rank for rank, event in enumerate(KINDS)
}  # of events of the same moment: causes before what they led to
ABOUT_NO_TICKET: frozenset[type[Event]] = frozenset(
    {
        ContactErased,
        CustomerMerged,
        ImportPartTaken,
        IncidentDismissed,
        IncidentOpened,
        IncidentPriorityRaised,
        IncidentProposed,
        IncidentResolved,
        IncidentUpdated,
        KbArticleApproved,
        KbArticlePublished,
        KbArticleStale,
        KbFollowUpDue,
        KbReleasePackReady,
        KbReviewDue,
        KbTrainingHeld,
        KbTrainingPlanned,
        MailBounced,
        NotifyWebhookDisabled,
        ProductReleaseUpcoming,
        ProductVersionReleased,
        SlaCalendarChanged,
        SlaPolicyChanged,
        SlaYearMissing,
        *REVIEW_EVENTS,
    }
)
STAFF, EVERYBODY = "staff", "everybody"
CHANGE_BYTES = 2_000  # of a value that was changed
MOST_CHANGES = 10
FIRST = "00"  # nothing happened here before
OF_TAKEN = ("number", "opened_at", "completed_at")
UNKNOWN = Kind(Group.OTHER, Text("Event of a newer release: {kind}", "新版本的事件：{kind}"))


class Reason(Value):
    en: str
    zh: str


class Change(Value):
    """Of one field; None is nothing, or not known."""

    field: str
    before: Detail | None = None
    after: Detail | None = None


class Entry(Aggregate):
    """`id` sorts events of the same moment, which are of one change or of several makers, by rank. `audience` is who
    may see it: `staff`, `everybody`, or `to:` a recipient, and staff."""

    ticket: str
    kind: str
    group: str
    audience: str
    at: AwareDatetime
    ordered_at: AwareDatetime
    actor: str = ""
    cause: str = ""
    details: dict[str, Detail] = Field(default_factory=dict)
    changes: list[Change] = Field(default_factory=list)
    reason: Reason | None = None

    @property
    def event(self) -> str:
        """Its event's id."""
        return self.id.split(".", 2)[2]

    @property
    def about(self) -> Kind:
        return BY_NAME.get(self.kind, UNKNOWN)

    @property
    def text(self) -> Text:
        return self.text_with(NO_LABELS)

    def text_with(self, labels: Labels) -> Text:
        return self.about.text_of({**self.details, "kind": self.kind}, labels)

    @classmethod
    def of(cls, event: Event) -> "Entry":
        """Of an event whose kind is in KINDS."""
        about = KINDS[type(event)]
        values = {name: detail(getattr(event, name)) for name in about.keep}
        changes = [
            Change(field=name[:ITEM_BYTES], before=_changed(before), after=_changed(after))
            for name, before, after in about.changes(event)[:MOST_CHANGES]
        ]
        return cls(
            id=f"{RANKS[type(event)]:02d}.{event.revision:010d}.{event.id}",
            ticket=ticket_of(event),
            kind=event.kind,
            group=about.group,
            audience=_audience(event, about),
            at=event.time,
            ordered_at=event.ordered_at,
            actor=event.actor,
            cause=event.cause,
            details={name: value for name, value in values.items() if value is not None},
            changes=changes,
            reason=_reason(getattr(event, about.reason)) if about.reason else None,
        )


def taken_over(event: ImportPartTaken) -> list[Entry]:
    """One for each ticket."""
    found = []
    for one in event.tickets:
        values = {"imported_from": event.imported_from, **{name: detail(getattr(one, name)) for name in OF_TAKEN}}
        entry = Entry(
            id=f"{FIRST}.{event.revision:010d}.{event.id}-{one.ticket}",
            ticket=one.ticket,
            kind=TAKEN_OVER,
            group=TAKEN_OVER_KIND.group,
            audience=EVERYBODY,
            at=event.time,
            ordered_at=event.ordered_at,
            actor=event.actor,
            cause=event.cause,
            details={name: value for name, value in values.items() if value is not None},
        )
        found.append(entry)
    return found


def ticket_of(event: Event) -> str:
    return str(getattr(event, "ticket", event.subject))


def audience_of_customer(sub: str, email: str) -> list[str]:
    """What a ticket's customer sees: what everybody does, and what was sent to themselves."""
    return [EVERYBODY, *([f"to:{sub}"] if sub else []), *([f"to:mailto:{email}"] if email else [])]


def _audience(event: Event, about: Kind) -> str:
    if isinstance(event, NotifyDelivered | NotifyFailed):
        return f"to:{event.recipient}"
    is_internal = isinstance(event, TicketMessagePosted) and event.internal
    return STAFF if about.shown is None or is_internal else EVERYBODY


def _changed(value: Any) -> Detail | None:
    return value if value == "" else detail(value, CHANGE_BYTES)


def _reason(value: Any) -> Reason | None:
    """A person's in their words, ours in both languages."""
    if not value:
        return None
    if isinstance(value, list):
        value = Reason(en="; ".join(one.en for one in value), zh="；".join(one.zh for one in value))
    else:
        value = Reason(en=value, zh=value)
    return Reason(en=excerpt(value.en), zh=excerpt(value.zh))

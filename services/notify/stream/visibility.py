"""What of an event goes out on the live stream: all of it to staff, to customers what they may see."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from shared.events import (
    Event,
    TicketAmended,
    TicketAttachmentAdded,
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketMessagePosted,
    TicketOpened,
    TicketPlanAgreed,
    TicketPlanCarriedOut,
    TicketQuestionsAnswered,
    TicketQuestionsAsked,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketStageChanged,
    TicketUrged,
    TicketWaiting,
    TriageAssigned,
    as_dict,
)
from shared.events.presence import PresenceChanged

# What customers may see of their tickets, field by field; webhooks say the same. What is not listed they never see, so
# that a new event or field stays internal until it is published on purpose.
CUSTOMER_FIELDS: dict[type[Event], frozenset[str]] = {
    # Earlier tickets may be somebody else's; the records of who it is, and what is agreed with them, are the desk's.
    TicketOpened: frozenset(
        {
            "problem",
            "customer",
            "customer_name",
            "company",
            "contact",
            "channel",
            "taken_by",
            "missing",
            "questions",
            "waiting_for",
            "imported_from",
            "opened_at",
        }
    ),
    TicketQuestionsAsked: frozenset({"questions", "at_opening", "reminder", "first", "unfit"}),
    TicketQuestionsAnswered: frozenset({"answers", "problem", "missing", "assignee"}),
    TicketAmended: frozenset({"problem", "changed", "before"}),
    TicketMessagePosted: frozenset({"message", "author", "by_staff", "internal", "text"}),
    TicketStageChanged: frozenset({"from", "to", "status"}),  # why may be an internal verification that failed
    TicketUrged: frozenset({"times", "comment", "assignee"}),
    TicketAttachmentAdded: frozenset({"attachment", "name", "size", "media_type", "sha256", "by_staff"}),
    TicketWaiting: frozenset({"waiting_for"}),
    TicketResumed: frozenset({"waited_for"}),
    TicketConsentGiven: frozenset({"consent", "scope", "tool", "purpose", "given_by", "words", "expires_at"}),
    TicketConsentRevoked: frozenset({"consent"}),
    TicketSolutionAccepted: frozenset({"round", "comment", "recorded_by", "confirmed_by"}),
    TicketSolutionRejected: frozenset({"round", "comment", "assignee", "recorded_by", "confirmed_by"}),
    TicketFeedbackGiven: frozenset({"satisfaction", "comment"}),
    TicketPlanAgreed: frozenset({"plan", "owner", "due_at"}),
    TicketPlanCarriedOut: frozenset({"result", "round"}),
    TicketReopened: frozenset({"reason", "round", "assignee", "opened_at", "undone"}),
    TicketCompleted: frozenset(
        {"problem", "category", "priority", "satisfaction", "opened_at", "resolved_at", "outcome"}
    ),
    TriageAssigned: frozenset({"engineer", "engineer_name"}),
}
STAFF_HEADERS = ("traceparent", "cause")


@dataclass(frozen=True)
class StreamItem:
    """An event and its place in the stream, written once for all readers."""

    sequence: int
    event: Event

    @cached_property
    def for_staff(self) -> bytes:
        return sse_event(self.sequence, self.event.kind, self.event.to_wire().decode())

    @cached_property
    def for_customers(self) -> bytes:
        return sse_event(self.sequence, self.event.kind, json.dumps(public_envelope(self.event), ensure_ascii=False))


def is_public(event: Event) -> bool:
    """Whether the customer of its ticket may see it."""
    return type(event) in CUSTOMER_FIELDS and not (isinstance(event, TicketMessagePosted) and event.internal)


def public_envelope(event: Event) -> dict[str, Any]:
    """What customers see of a public event."""
    envelope, fields = as_dict(event), CUSTOMER_FIELDS[type(event)]
    if isinstance(event, TicketReopened) and event.undone:  # why two tickets are not one is the desk's
        fields -= {"reason"}
    envelope["data"] = {name: value for name, value in _known(envelope["data"], event).items() if name in fields}
    for header in STAFF_HEADERS:
        envelope.pop(header, None)
    return envelope


def _known(said: Any, of: Any) -> Any:
    """Without what a newer release adds to parts that this one knows: whether customers may see it is unknown here."""
    if isinstance(of, BaseModel):
        names = {name: field.alias or name for name, field in type(of).model_fields.items()}
        return {word: _known(said[word], getattr(of, name)) for name, word in names.items() if word in said}
    if isinstance(of, list):
        return [_known(one, each) for one, each in zip(said, of, strict=True)]
    return said


def sse_event(id: int, event: str, data: str) -> bytes:
    return f"id: {id}\nevent: {event}\ndata: {data}\n\n".encode()


def sse_presence(news: PresenceChanged) -> bytes:
    return f"event: presence\ndata: {news.model_dump_json()}\n\n".encode()


def sse_heartbeat(id: int) -> bytes:
    """A comment; its id moves the reader's place on, without an event."""
    return f": heartbeat\nid: {id}\n\n".encode()

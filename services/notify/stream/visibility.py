"""What of an event goes out on the live stream: all of it to staff, to customers what they may see."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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

# What customers may see of their tickets: the whole event, or, where it has fields for staff alone, these fields.
# What is not listed they never see, so that a new event or field stays internal until it is published on purpose.
WHOLE: frozenset[str] | None = None
CUSTOMER_FIELDS: dict[type[Event], frozenset[str] | None] = {
    # Those tickets may be somebody else's, and the records are the desk's.
    TicketOpened: frozenset(TicketOpened.model_fields) - {"linked", "links", "contact_id", "company_id", "reply_to"},
    TicketQuestionsAsked: WHOLE,
    TicketQuestionsAnswered: WHOLE,
    TicketAmended: WHOLE,
    TicketMessagePosted: frozenset({"message", "author", "by_staff", "internal", "text"}),
    TicketStageChanged: WHOLE,
    TicketUrged: WHOLE,
    TicketAttachmentAdded: WHOLE,
    TicketWaiting: WHOLE,
    TicketResumed: WHOLE,
    TicketConsentGiven: WHOLE,
    TicketConsentRevoked: WHOLE,
    TicketSolutionAccepted: WHOLE,
    TicketSolutionRejected: WHOLE,
    TicketFeedbackGiven: WHOLE,
    TicketPlanAgreed: WHOLE,
    TicketPlanCarriedOut: WHOLE,
    TicketReopened: WHOLE,
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
    envelope = as_dict(event)
    if (fields := CUSTOMER_FIELDS[type(event)]) is not None:
        envelope["data"] = {name: value for name, value in envelope["data"].items() if name in fields}
    for header in STAFF_HEADERS:
        envelope.pop(header, None)
    return envelope


def sse_event(id: int, event: str, data: str) -> bytes:
    return f"id: {id}\nevent: {event}\ndata: {data}\n\n".encode()


def sse_presence(news: PresenceChanged) -> bytes:
    return f"event: presence\ndata: {news.model_dump_json()}\n\n".encode()


def sse_heartbeat(id: int) -> bytes:
    """A comment; its id moves the reader's place on, without an event."""
    return f": heartbeat\nid: {id}\n\n".encode()

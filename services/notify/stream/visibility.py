"""What of an event goes out on the live stream: all of it to staff, to customers what is theirs to see."""

import json
from dataclasses import dataclass
from functools import cached_property

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
    TicketWaiting,
    TriageAssigned,
    as_dict,
)

# What customers may see of their tickets: the whole event, or, where staff have words of their own in it, these fields.
# What is not here they never see, so an event or a field that is added stays inside until it is let out.
WHOLE: frozenset[str] | None = None
PUBLIC: dict[type[Event], frozenset[str] | None] = {
    TicketOpened: frozenset(TicketOpened.model_fields) - {"linked"},  # they may be somebody else's
    TicketQuestionsAsked: WHOLE,
    TicketQuestionsAnswered: WHOLE,
    TicketAmended: WHOLE,
    TicketMessagePosted: frozenset({"message", "author", "by_staff", "internal", "text"}),
    TicketStageChanged: WHOLE,
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
    TicketCompleted: frozenset({"problem", "category", "priority", "satisfaction", "opened_at", "resolved_at"}),
    TriageAssigned: frozenset({"engineer", "engineer_name"}),
}
STAFF_HEADERS = ("traceparent", "cause")


@dataclass(frozen=True)
class Item:
    """An event and its place in the stream."""

    sequence: int
    event: Event

    @cached_property
    def for_staff(self) -> bytes:
        return block(self.sequence, self.event.kind, self.event.to_wire().decode())

    @cached_property
    def for_customers(self) -> bytes:
        envelope = as_dict(self.event)
        if (public := PUBLIC[type(self.event)]) is not None:
            envelope["data"] = {name: value for name, value in envelope["data"].items() if name in public}
        for header in STAFF_HEADERS:
            envelope.pop(header, None)
        return block(self.sequence, self.event.kind, json.dumps(envelope, ensure_ascii=False))


def block(id: int, event: str, data: str) -> bytes:
    return f"id: {id}\nevent: {event}\ndata: {data}\n\n".encode()


def sign_of_life(id: int) -> bytes:
    """A comment; its id moves the reader's place on, without an event."""
    return f": quiet\nid: {id}\n\n".encode()

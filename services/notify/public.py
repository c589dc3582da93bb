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
    TicketLinked,
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
    TicketWaiting,
    TriageAssigned,
    as_dict,
)

# What customers may see of their tickets, each without what is only for staff. Whatever is not here, they never see.
PUBLIC: dict[type[Event], frozenset[str]] = {
    **dict.fromkeys(
        (
            TicketOpened,
            TicketLinked,
            TicketQuestionsAsked,
            TicketQuestionsAnswered,
            TicketAmended,
            TicketMessagePosted,
            TicketAttachmentAdded,
            TicketWaiting,
            TicketResumed,
            TicketConsentGiven,
            TicketConsentRevoked,
            TicketSolutionAccepted,
            TicketSolutionRejected,
            TicketFeedbackGiven,
            TicketPlanAgreed,
            TicketPlanCarriedOut,
            TicketReopened,
        ),
        frozenset[str](),
    ),
    TicketCompleted: frozenset({"rounds", "fingerprints", "assignee", "cause_of_dissatisfaction", "second_plan"}),
    TriageAssigned: frozenset({"engineer_email", "senior", "by"}),
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
        hidden = PUBLIC[type(self.event)]
        envelope["data"] = {name: value for name, value in envelope["data"].items() if name not in hidden}
        for header in STAFF_HEADERS:
            envelope.pop(header, None)
        return block(self.sequence, self.event.kind, json.dumps(envelope, ensure_ascii=False))


def block(id: int, event: str, data: str) -> bytes:
    return f"id: {id}\nevent: {event}\ndata: {data}\n\n".encode()


def sign_of_life(id: int) -> bytes:
    """A comment; its id moves the reader's place on, without an event."""
    return f": quiet\nid: {id}\n\n".encode()

"""The facts about a ticket that move its clocks, and the order in which they happened.

The facts of one service are ordered by its revisions. Those of different services are merged by time, which never runs
backwards within a service. So neither the order of arrival nor the clocks of several hosts change what follows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from shared.domain import Value
from shared.events import (
    Event,
    TicketCalledBack,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketMessagePosted,
    TicketOpened,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageReclassified,
    wire_time,
)

MAX_CLOCK_SKEW = timedelta(minutes=3)  # so far may another host's clock be ahead of ours


class FactKind(StrEnum):
    """In the order in which facts of one change follow each other: a wait may end where another begins."""

    OPENED = "opened"
    REPLIED = "replied"
    PRIORITISED = "prioritised"
    CONFIRMED = "confirmed"
    CONSULTED = "consulted"
    REOPENED = "reopened"
    RESUMED = "resumed"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    RATED = "rated"
    CALLED_BACK = "called_back"
    COMPLETED = "completed"


RANK = {kind: rank for rank, kind in enumerate(FactKind)}
FACTS: Mapping[type[Event], FactKind] = {
    TicketOpened: FactKind.OPENED,
    TicketMessagePosted: FactKind.REPLIED,
    TriageDiagnosed: FactKind.PRIORITISED,
    TriageReclassified: FactKind.PRIORITISED,
    TriageDiagnosisConfirmed: FactKind.CONFIRMED,
    TriageConsultationOpened: FactKind.CONSULTED,
    TicketResumed: FactKind.RESUMED,
    TicketSolutionRejected: FactKind.REJECTED,
    TicketSolutionAccepted: FactKind.ACCEPTED,
    TicketWaiting: FactKind.WAITING,
    TicketFeedbackGiven: FactKind.RATED,
    TicketCalledBack: FactKind.CALLED_BACK,
    TicketCompleted: FactKind.COMPLETED,
    TicketReopened: FactKind.REOPENED,
}


class Fact(Value):
    """`value` is whom the ticket waits for, its priority, or the satisfaction; `more` the company of an opened ticket,
    that a diagnosis is confirmed, or that a closing was undone. `revision` is 0 where an older release published the
    event."""

    what: FactKind
    maker: str
    revision: int
    at: AwareDatetime
    event: str
    value: str = ""
    more: str = ""


def fact_of(event: Event, now: datetime) -> Fact | None:
    """None for a message that is no reply to the customer. An event from a host whose clock is far ahead of ours is
    taken as one of now."""
    if isinstance(event, TicketMessagePosted) and (event.internal or not event.by_staff):
        return None
    value, more = _details(event)
    at = wire_time(now if event.time > now + MAX_CLOCK_SKEW else event.time)
    return Fact(
        what=FACTS[type(event)],
        maker=event.maker(),
        revision=event.revision,
        at=at,
        event=event.id,
        value=value,
        more=more,
    )


def _details(event: Event) -> tuple[str, str]:
    match event:
        case TicketOpened():
            return event.waiting_for.value, event.company
        case TriageDiagnosed():
            return event.priority.value, "sure" if event.confirmed else ""
        case TriageReclassified():
            # The machine does that too, so it meets nothing: where a person does, triage says that it is confirmed.
            return event.priority.value, ""
        case TicketWaiting():
            return event.waiting_for.value, ""
        case TicketResumed():
            return event.waited_for.value, ""
        case TicketFeedbackGiven():
            return event.satisfaction.value, ""
        case TicketReopened():
            return "", "undone" if event.undone else ""
    return "", ""


def in_order(facts: Iterable[Fact], begin: datetime) -> list[tuple[datetime, Fact]]:
    """Each with the moment that it counts from, which is never before `begin`. The same for any order of `facts`."""
    reached: dict[str, datetime] = {}
    placed = []
    for fact in sorted(facts, key=lambda fact: (fact.revision, RANK[fact.what], fact.event)):
        at = max(fact.at, begin)
        if fact.revision:  # one of an older release has nothing but its time
            at = reached[fact.maker] = max(at, reached.get(fact.maker, at))
        placed.append((at, fact))
    placed.sort(key=lambda one: (one[0], one[1].maker, one[1].revision, RANK[one[1].what], one[1].event))
    return placed


def without_later_replies(facts: Sequence[Fact]) -> list[Fact]:
    """Only the first reply counts; of those of an older release, the first too."""
    first: dict[bool, Fact] = {}
    for fact in facts:
        if fact.what is FactKind.REPLIED:
            known = first.setdefault(fact.revision > 0, fact)
            if (fact.revision, fact.at, fact.event) < (known.revision, known.at, known.event):
                first[fact.revision > 0] = fact
    return [fact for fact in facts if fact.what is not FactKind.REPLIED or first[fact.revision > 0] is fact]

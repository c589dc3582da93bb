"""The facts about a ticket that move its clocks, and the order in which they happened.

The facts of one service are ordered by its revisions. Those of different services are merged by time, which never runs
backwards within a service. So neither the order of arrival nor the clocks of several hosts change what follows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.sla.policies.matching import Subject
from shared.domain import Value
from shared.events import (
    Event,
    TicketAmended,
    TicketCalledBack,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketMessagePosted,
    TicketOpened,
    TicketQuestionsAnswered,
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
    AMENDED = "amended"
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
    TicketAmended: FactKind.AMENDED,
    TicketQuestionsAnswered: FactKind.AMENDED,
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
    that a diagnosis is confirmed, or that a closing was undone; `about` what the ticket's policy depends on, as far as
    it says so: `tier`, `product`, `team`, `policy`. `revision` is 0 where an older release published the
    event."""

    what: FactKind
    maker: str
    revision: int
    at: AwareDatetime
    event: str
    value: str = ""
    more: str = ""
    about: dict[str, str] = Field(default_factory=dict)


def fact_of(event: Event, now: datetime) -> Fact | None:
    """None for a message that is no reply to the customer, as a notice that nobody wrote is none, and for a change that
    moves no clock. An event from a host whose clock is far ahead of ours is taken as one of now."""
    if isinstance(event, TicketMessagePosted) and (event.internal or event.automatic or not event.by_staff):
        return None
    if isinstance(event, TicketAmended) and "product" not in event.changed:
        return None
    if isinstance(event, TicketQuestionsAnswered) and "product" not in event.answers:
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
        about={name: text for name, text in _about(event).items() if text},
    )


def _about(event: Event) -> dict[str, str]:
    match event:
        case TicketOpened():
            return {"tier": event.tier, "product": event.problem.product, "policy": event.policy}
        case TicketAmended() | TicketQuestionsAnswered():
            return {"product": event.problem.product}
        case TriageDiagnosed() | TriageReclassified():
            return {"team": event.queue}
    return {}


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


def subject_of(begun: Subject, facts: Iterable[Fact]) -> Subject:
    """What the policy depends on: the product that was named last, and the team that the ticket was first given to."""
    found = begun.model_dump()
    for fact in sorted(facts, key=lambda fact: (fact.revision, fact.at, fact.event)):
        for name, text in fact.about.items():
            if name == "product" or not found[name]:
                found[name] = text
    return Subject(**found)


def without_later_replies(facts: Sequence[Fact]) -> list[Fact]:
    """Only the first reply counts; of those of an older release, the first too."""
    first: dict[bool, Fact] = {}
    for fact in facts:
        if fact.what is FactKind.REPLIED:
            known = first.setdefault(fact.revision > 0, fact)
            if (fact.revision, fact.at, fact.event) < (known.revision, known.at, known.event):
                first[fact.revision > 0] = fact
    return [fact for fact in facts if fact.what is not FactKind.REPLIED or first[fact.revision > 0] is fact]

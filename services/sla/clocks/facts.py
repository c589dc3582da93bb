"""The facts about a ticket that move its clocks, and the order in which they happened.

The facts of one service are ordered by its revisions. Those of different services are merged by time, which never runs
backwards within a service. So neither the order of arrival nor the clocks of several hosts change what follows.
"""

from collections.abc import Iterable, Mapping
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
    TicketPlanAgreed,
    TicketPlanCarriedOut,
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
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
    wire_time,
)
from shared.terms import SUBJECT_LENGTH

MAX_CLOCK_SKEW = timedelta(minutes=3)  # so far may another host's clock be ahead of ours


class FactKind(StrEnum):
    """In the order in which facts of one change follow each other: a wait may end where another begins."""

    OPENED = "opened"
    AMENDED = "amended"
    REPLIED = "replied"
    PRIORITISED = "prioritised"
    CONFIRMED = "confirmed"
    CONSULTED = "consulted"
    ANSWERED_BY = "answered_by"
    ENGAGED = "engaged"
    REOPENED = "reopened"
    WROTE = "wrote"
    RESUMED = "resumed"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    RATED = "rated"
    CALLED_BACK = "called_back"
    PLANNED = "planned"
    CARRIED_OUT = "carried_out"
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
    TriageThirdPartyEngaged: FactKind.ENGAGED,
    TriageThirdPartyAnswered: FactKind.ANSWERED_BY,
    TicketResumed: FactKind.RESUMED,
    TicketSolutionRejected: FactKind.REJECTED,
    TicketSolutionAccepted: FactKind.ACCEPTED,
    TicketWaiting: FactKind.WAITING,
    TicketFeedbackGiven: FactKind.RATED,
    TicketCalledBack: FactKind.CALLED_BACK,
    TicketPlanAgreed: FactKind.PLANNED,
    TicketPlanCarriedOut: FactKind.CARRIED_OUT,
    TicketCompleted: FactKind.COMPLETED,
    TicketReopened: FactKind.REOPENED,
}


class Fact(Value):
    """`value` is whom the ticket waits for, its priority, the satisfaction, a third party, or how it ended; `more` the
    company of an opened ticket, that a diagnosis is confirmed, that a closing was undone, or when a plan is due;
    `about` what the ticket's policy depends on, as far as it says so: `tier`, `product`, `team`, `policy`; `by` who did
    it.
    `revision` is 0 where an older release published the event."""

    what: FactKind
    maker: str
    revision: int
    at: AwareDatetime
    event: str
    value: str = ""
    more: str = ""
    by: str = ""
    about: dict[str, str] = Field(default_factory=dict)


def fact_of(event: Event, now: datetime) -> Fact | None:
    """None for an internal note, for a notice that nobody wrote, and for a change that moves no clock. An event from a
    host whose clock is far ahead of ours is taken as one of now."""
    if isinstance(event, TicketMessagePosted) and (event.internal or event.automatic):
        return None
    if isinstance(event, TicketAmended) and "product" not in event.changed:
        return None
    if isinstance(event, TicketQuestionsAnswered) and "product" not in event.answers:
        return None
    value, more = _details(event)
    at = wire_time(now if event.time > now + MAX_CLOCK_SKEW else event.time)
    return Fact(
        what=FactKind.WROTE if isinstance(event, TicketMessagePosted) and not event.by_staff else FACTS[type(event)],
        maker=event.maker(),
        revision=event.revision,
        at=at,
        event=event.id,
        value=value,
        more=more,
        by=event.actor[:SUBJECT_LENGTH],
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
        case TicketCompleted():
            return event.outcome.value, ""
        case TicketPlanAgreed():
            return "", event.due_at.isoformat() if event.due_at else ""
        case TriageThirdPartyEngaged() | TriageThirdPartyAnswered():
            return event.party, ""
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

"""What sla hears about a ticket: small facts, and the order in which they happened.

The facts of one maker are ordered by its revisions. Those of different makers are merged by time, which never runs
backwards within a maker. So neither their way to here nor the clocks of several hosts change what follows from them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from shared.domain import Value
from shared.events import (
    MAKER,
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

AHEAD = timedelta(minutes=3)  # so far may another host's clock be ahead of ours


class What(StrEnum):
    """In the order in which facts of one change follow each other: a wait may end where another begins."""

    OPENED = "opened"
    REPLIED = "replied"
    PRIORITISED = "prioritised"
    CONFIRMED = "confirmed"
    CONSULTED = "consulted"
    RESUMED = "resumed"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    RATED = "rated"
    CALLED_BACK = "called_back"
    COMPLETED = "completed"
    REOPENED = "reopened"


RANK = {what: rank for rank, what in enumerate(What)}


class Fact(Value):
    """`value` is what it says: whom is waited for, a priority, a satisfaction; `more` the company of an opened ticket,
    or that a diagnosis is sure. `revision` is 0 where an older release told it."""

    what: What
    maker: str
    revision: int
    at: AwareDatetime
    event: str
    value: str = ""
    more: str = ""


def fact_of(event: Event, now: datetime) -> Fact | None:
    """None for what moves no clock. Whoever's clock is far ahead of ours is taken to tell what has just happened."""
    match event:
        case TicketOpened():
            said = (What.OPENED, event.waiting_for.value, event.company)
        case TicketMessagePosted() if event.by_staff and not event.internal:
            said = (What.REPLIED, "", "")
        case TriageDiagnosed():
            said = (What.PRIORITISED, event.priority.value, "sure" if event.confirmed else "")
        case TriageReclassified():
            # The machine does that too, so it meets nothing: where a person does, triage says that it is confirmed.
            said = (What.PRIORITISED, event.priority.value, "")
        case TicketWaiting():
            said = (What.WAITING, event.waiting_for.value, "")
        case TicketResumed():
            said = (What.RESUMED, event.waited_for.value, "")
        case TicketFeedbackGiven():
            said = (What.RATED, event.satisfaction.value, "")
        case _ if type(event) in PLAIN:
            said = (PLAIN[type(event)], "", "")
        case _:
            return None
    what, value, more = said
    at = wire_time(now if event.time > now + AHEAD else event.time)
    maker = MAKER[event.kind.partition(".")[0]]
    return Fact(what=what, maker=maker, revision=event.revision, at=at, event=event.id, value=value, more=more)


PLAIN: dict[type[Event], What] = {
    TriageDiagnosisConfirmed: What.CONFIRMED,
    TriageConsultationOpened: What.CONSULTED,
    TicketSolutionRejected: What.REJECTED,
    TicketSolutionAccepted: What.ACCEPTED,
    TicketCalledBack: What.CALLED_BACK,
    TicketCompleted: What.COMPLETED,
    TicketReopened: What.REOPENED,
}


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
    """Only the first reply counts; of those that an older release told, the first too."""
    first: dict[bool, Fact] = {}
    for fact in facts:
        if fact.what is What.REPLIED:
            there = first.setdefault(fact.revision > 0, fact)
            if (fact.revision, fact.at, fact.event) < (there.revision, there.at, there.event):
                first[fact.revision > 0] = fact
    return [fact for fact in facts if fact.what is not What.REPLIED or first[fact.revision > 0] is fact]

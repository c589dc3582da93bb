"""How an incident comes to be, grows, and ends: proposed, joined, confirmed or dismissed, told of, resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from services.triage.incidents.domain import (
    MOST_TICKETS,
    MOST_UPDATES,
    Incident,
    IncidentFull,
    IncidentState,
    Member,
    NotInIncident,
    Resolution,
    Update,
)
from services.triage.work.values import TRIAGE, Actor
from shared.events import (
    BothLanguages,
    Event,
    IncidentDismissed,
    IncidentOpened,
    IncidentPriorityRaised,
    IncidentProposed,
    IncidentResolved,
    IncidentTicketAdded,
    IncidentTicketRemoved,
    IncidentUpdated,
    OnCallEngineer,
)
from shared.events.incidents import PART
from shared.terms import Priority

CANDIDATE, CONFIRMED = IncidentState.CANDIDATE, IncidentState.CONFIRMED
TOLD = 20  # tickets that a proposal names
ONE = "one cause is suspected: so many customers have it"


@dataclass(frozen=True)
class Limits:
    """Tickets of `customers` within the `window` are proposed; from `confirm_from` customers on (0: never) nobody needs
    to confirm it. `priorities` by the least number of customers."""

    window: timedelta
    customers: int
    confirm_from: int
    priorities: Mapping[int, Priority]


def propose(
    id: str, title: str, found: Sequence[Member], limits: Limits, on_call: Sequence[OnCallEngineer], now: datetime
) -> tuple[Incident, list[Event]]:
    """A new candidate, or one that is confirmed at once."""
    incident = Incident(id=id, title=title, proposed_at=now)
    incident.admit(found)
    if _is_certain(incident, limits):
        return incident, _open(incident, limits, on_call, TRIAGE, ONE, now)
    proposed = IncidentProposed(
        subject=id,
        time=now,
        title=title,
        customers=incident.customers,
        evidence=list(dict.fromkeys(one.evidence for one in incident.members))[:TOLD],
        tickets=incident.tickets[:TOLD],
    )
    return incident, [proposed]


def join(
    incident: Incident, found: Sequence[Member], limits: Limits, on_call: Sequence[OnCallEngineer], now: datetime
) -> list[Event]:
    """More of its tickets; nothing that is in it already, or was taken out by a person."""
    if incident.state not in (CANDIDATE, CONFIRMED):
        return []
    news = incident.admit(found)
    if incident.state is CANDIDATE:
        return _open(incident, limits, on_call, TRIAGE, ONE, now) if news and _is_certain(incident, limits) else []
    return _announced(incident, news, limits, now)


def confirm(
    incident: Incident, limits: Limits, on_call: Sequence[OnCallEngineer], by: Actor, reason: str, now: datetime
) -> list[Event]:
    """Raises WrongState."""
    incident.ensure(CANDIDATE)
    return _open(incident, limits, on_call, by, reason, now)


def dismiss(incident: Incident, by: Actor, reason: str, now: datetime) -> list[Event]:
    """Its tickets are not proposed again. Raises WrongState."""
    incident.ensure(CANDIDATE)
    incident.move(IncidentState.DISMISSED, by, reason)
    return [IncidentDismissed(subject=incident.id, time=now, reason=reason)]


def merge(incident: Incident, into: str, now: datetime) -> list[Event]:
    """A ticket shows that this candidate and another incident are one; its tickets move when it is due."""
    if incident.state is not CANDIDATE:
        return []
    incident.move(IncidentState.MERGED, TRIAGE, "")
    incident.into, incident.due_at = into, now
    return [IncidentDismissed(subject=incident.id, time=now, reason="", into=into)]


def moved(incident: Incident) -> list[Event]:
    incident.due_at = None
    return []


def add(incident: Incident, member: Member, limits: Limits, now: datetime) -> list[Event]:
    """By hand, also what was taken out before. Raises WrongState, IncidentFull."""
    incident.ensure(CANDIDATE, CONFIRMED)
    incident.removed = [one for one in incident.removed if one != member.ticket]
    if len(incident.members) >= MOST_TICKETS and member.ticket not in incident.tickets:
        raise IncidentFull(
            f"{incident.id} has {MOST_TICKETS} tickets", f"{incident.id} 的工单已达上限 {MOST_TICKETS} 个"
        )
    news = incident.admit([member])
    return _announced(incident, news, limits, now) if incident.state is CONFIRMED else []


def remove(incident: Incident, ticket: str, by: Actor, reason: str, now: datetime) -> list[Event]:
    """Another cause: it does not come back by itself. Of one that is over too, so that the ticket can be part of
    another. Raises WrongState, NotInIncident."""
    incident.ensure(CANDIDATE, CONFIRMED, IncidentState.RESOLVED, IncidentState.DISMISSED)
    if ticket not in incident.tickets:
        raise NotInIncident(f"{ticket} is not part of {incident.id}", f"{ticket} 不属于 {incident.id}")
    incident.members = [one for one in incident.members if one.ticket != ticket]
    incident.removed = [*(one for one in incident.removed if one != ticket), ticket][-MOST_TICKETS:]
    if incident.confirmed_at is None:  # nobody was told that it is part of it
        return []
    removed = IncidentTicketRemoved(subject=ticket, time=now, incident=incident.id, reason=reason, actor=by.sub)
    return [removed]


def describe(
    incident: Incident, title: str | None, root_cause: str | None, workaround: BothLanguages | None
) -> list[Event]:
    """What is given; a workaround is told to customers whose tickets come later, an update to those who are there.
    Raises WrongState."""
    incident.ensure(CANDIDATE, CONFIRMED)
    incident.title = incident.title if title is None else title
    incident.root_cause = incident.root_cause if root_cause is None else root_cause
    incident.workaround = incident.workaround if workaround is None else workaround
    return []


def publish_update(incident: Incident, text: BothLanguages, internal: bool, by: Actor, now: datetime) -> list[Event]:
    """News for all of its customers, or for staff alone. Raises WrongState, IncidentFull."""
    incident.ensure(CONFIRMED)
    if len(incident.updates) >= MOST_UPDATES:
        raise IncidentFull(
            f"{incident.id} has {MOST_UPDATES} updates", f"{incident.id} 的进展已达上限 {MOST_UPDATES} 条"
        )
    id = f"{incident.id}.{len(incident.updates) + 1}"
    incident.updates.append(Update(id=id, at=now, by=by.sub, internal=internal, text=text))
    updated = IncidentUpdated(
        subject=incident.id,
        time=now,
        update=id,
        internal=internal,
        text=BothLanguages() if internal else text,
        tickets=[],
        author_name=by.name,
    )
    if internal:
        return [updated]
    return [
        updated.model_copy(update={"tickets": part, "id": uuid4().hex}) for part in parts_of(incident.tickets) or [[]]
    ]


def resolve(
    incident: Incident, solution: BothLanguages, root_cause: str, steps: str, result: str, by: Actor, now: datetime
) -> list[Event]:
    """It takes no more tickets; those it has are proposed the solution. Raises WrongState."""
    incident.ensure(CONFIRMED)
    incident.state, incident.root_cause = IncidentState.RESOLVED, root_cause
    incident.resolution = Resolution(
        solution=solution, root_cause=root_cause, steps=steps, result=result, by=by.sub, at=now
    )
    return [
        IncidentResolved(
            subject=incident.id,
            time=now,
            root_cause=root_cause,
            solution=solution,
            steps=steps,
            result=result,
            tickets=part,
        )
        for part in parts_of(incident.tickets) or [[]]
    ]


# ---- inside


def _is_certain(incident: Incident, limits: Limits) -> bool:
    return 0 < limits.confirm_from <= incident.customers


def _open(
    incident: Incident, limits: Limits, on_call: Sequence[OnCallEngineer], by: Actor, reason: str, now: datetime
) -> list[Event]:
    incident.move(CONFIRMED, by, reason)
    incident.confirmed_at = now
    incident.raise_priority(limits.priorities)
    opened = IncidentOpened(
        subject=incident.id,
        time=now,
        title=incident.title,
        customers=incident.customers,
        tickets=len(incident.members),
        priority=incident.priority,
        confirmed_by=by.sub,
        reason=reason,
        on_call=list(on_call),
    )
    return [opened, *_added(incident, incident.members, now)]


def _announced(incident: Incident, news: Sequence[Member], limits: Limits, now: datetime) -> list[Event]:
    """The newcomers, and the others where they make it more pressing."""
    before = [one for one in incident.tickets if one not in {new.ticket for new in news}]
    has_risen = incident.raise_priority(limits.priorities)
    events = _added(incident, news, now)
    if has_risen and incident.priority:
        events += [
            IncidentPriorityRaised(
                subject=incident.id, time=now, priority=incident.priority, customers=incident.customers, tickets=part
            )
            for part in parts_of(before)
        ]
    return events


def _added(incident: Incident, members: Sequence[Member], now: datetime) -> list[Event]:
    return [
        IncidentTicketAdded(
            subject=one.ticket,
            time=now,
            incident=incident.id,
            priority=incident.priority,
            customers=incident.customers,
            reason=one.evidence,
            workaround=incident.workaround,
            news=incident.latest_news,
        )
        for one in members
    ]


def parts_of(tickets: Sequence[str]) -> list[list[str]]:
    return [list(tickets[at : at + PART]) for at in range(0, len(tickets), PART)]

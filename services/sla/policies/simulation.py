"""What a policy would mean for a ticket: which one holds, why, and when its clocks would be due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.sla.calendars.catalog import CalendarCatalog
from services.sla.policies.catalog import Considered, PolicyCatalog
from services.sla.policies.domain import PolicyDetails
from services.sla.policies.matching import Match, Subject
from services.sla.policies.targets import SlaTarget
from shared.terms import ClockKind, Priority


class Case(NamedTuple):
    """A ticket that might be opened."""

    subject: Subject
    priority: Priority | None
    opened_at: datetime


class Draft(NamedTuple):
    """A version that might be set."""

    id: str
    match: Match
    valid_from: date | None
    terms: PolicyDetails


class DueClock(NamedTuple):
    """A clock that has a target, as if it began when the ticket is opened and never waited."""

    clock: ClockKind
    target: SlaTarget
    due_at: datetime
    provisional: bool


class Outcome(NamedTuple):
    policy: str
    revision: int
    calendar: str
    considered: Sequence[Considered]
    clocks: Sequence[DueClock]


def outcome(case: Case, policies: PolicyCatalog, calendars: CalendarCatalog) -> Outcome:
    id, version = policies.in_force(case.subject, case.opened_at)
    hours = calendars.working_time(version.calendar, None)
    day_seconds = calendars.get(version.calendar).edition(None).week_at(case.opened_at).day_seconds
    clocks = []
    for kind in ClockKind:
        target = version.target(kind, case.priority)
        if target is None:
            continue
        duration = target.duration(day_seconds)
        if duration.business_time:
            due_at = hours.add(case.opened_at, duration.milliseconds)
        else:
            due_at = case.opened_at + timedelta(seconds=duration.seconds)
        provisional = duration.business_time and hours.is_provisional(due_at)
        clocks.append(DueClock(kind, target, due_at, provisional))
    considered = policies.explain(case.subject, case.opened_at)
    return Outcome(id, version.revision, version.calendar, considered, clocks)

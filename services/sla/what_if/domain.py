"""The clocks of past tickets as they would have been."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.sla.clocks.clock import Clock
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.facts import FactKind
from services.sla.clocks.rules import ApplicablePolicy, Rules
from services.sla.policies.domain import PolicyVersion
from services.sla.policies.matching import Subject
from services.sla.policies.targets import SlaTargets, TargetDuration
from services.sla.what_if.staffing import Job
from shared.terms import ClockKind, Priority

MOST_LISTED = 500
Breach = tuple[str, ClockKind]


@dataclass(frozen=True)
class OtherRules(Rules):
    """The policy that held for each ticket, or `policy` in the place of all; with other `targets` where they name one,
    by another `calendar` where there is one."""

    version: PolicyVersion | None = None
    targets: SlaTargets = field(default_factory=dict)
    calendar: str = ""

    def policy(self, subject: Subject, opened_at: datetime) -> ApplicablePolicy:
        id, held = self.policies.in_force(subject, opened_at)
        version = self.version or held
        calendar = self.calendar or version.calendar
        week = self.calendars.get(calendar).edition(opened_at).week_at(opened_at)

        def target(clock: ClockKind, priority: Priority | None) -> TargetDuration | None:
            other = self.targets.get(clock, {}).get(priority or Priority.NORMAL)
            found = other or version.target(clock, priority)
            return found.duration(week.day_seconds) if found else None

        return ApplicablePolicy(id, version.revision, calendar, target, version.ladder, version.longest_pause)


@dataclass
class Compared:
    """Of the tickets that were replayed: which clocks were missed as it was, and which would have been."""

    tickets: int = 0
    left_out: list[str] = field(default_factory=list)
    recorded: set[Breach] = field(default_factory=set)
    replayed: set[Breach] = field(default_factory=set)

    def add(self, other: "Compared") -> None:
        self.tickets += other.tickets
        self.left_out += other.left_out
        self.recorded |= other.recorded
        self.replayed |= other.replayed

    @property
    def by_clock(self) -> dict[str, tuple[int, int]]:
        """How many of each kind were missed, and would have been."""
        was, would = (Counter(kind for _, kind in found) for found in (self.recorded, self.replayed))
        return {kind.value: (was[kind], would[kind]) for kind in sorted({*was, *would})}

    @property
    def new(self) -> list[Breach]:
        return sorted(self.replayed - self.recorded)

    @property
    def saved(self) -> list[Breach]:
        return sorted(self.recorded - self.replayed)


def compare(
    tickets: Iterable[TicketClocks], rules: Rules, moved: Mapping[str, tuple[datetime, timedelta]], until: datetime
) -> Compared:
    """`moved`: tickets whose work begins at another moment: since when what was done counts as done how much later. Of
    very old histories the first half is no longer known fact by fact: they are left out."""
    found = Compared()
    for ticket in tickets:
        if ticket.base is not None or ticket.opened_as is None or ticket.disputed:
            found.left_out.append(ticket.id)
            continue
        found.tickets += 1
        found.recorded |= breaches(ticket.id, ticket.clocks, ticket.earlier_call_backs)
        other = _moved(ticket, *moved[ticket.id]) if ticket.id in moved else ticket
        again = other.replayed(rules, until)
        found.replayed |= breaches(ticket.id, again.clocks, again.earlier_call_backs)
    return found


def breaches(ticket: str, clocks: Mapping[ClockKind, Clock], earlier: Sequence[Clock]) -> set[Breach]:
    found = {(ticket, kind) for kind, clock in clocks.items() if clock.breached_at}
    return found | {(ticket, ClockKind.CALL_BACK) for clock in earlier if clock.breached_at}


def job_of(ticket: TicketClocks, assigned_at: datetime | None, now: datetime) -> Job | None:
    """None for one that nobody took up."""
    if ticket.opened_at is None or assigned_at is None:
        return None
    done = ticket.resolved_at or ticket.completed_at or now
    begun = max(assigned_at, ticket.opened_at)
    return Job(ticket.id, ticket.opened_at, _rank(ticket.priority), begun, max(done - begun, timedelta()))


def _rank(priority: Priority | None) -> int:
    order = list(Priority)
    return order.index(priority) if priority in order else len(order)


def _moved(ticket: TicketClocks, since: datetime, by: timedelta) -> TicketClocks:
    """What was done from that moment on is done so much later, or earlier, but not before it was opened."""
    opened_at = ticket.opened_at or since
    facts = [
        fact.model_copy(update={"at": max(fact.at + by, opened_at)})
        if fact.at >= since and fact.what is not FactKind.OPENED
        else fact
        for fact in ticket.facts
    ]
    return ticket.model_copy(update={"facts": facts})


def with_alternative(rules: Rules, version: PolicyVersion | None, targets: SlaTargets, calendar: str) -> OtherRules:
    return OtherRules(rules.policies, rules.calendars, version=version, targets=targets, calendar=calendar)

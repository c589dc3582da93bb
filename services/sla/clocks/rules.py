"""Which targets and which working time apply to a ticket."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.sla.calendars.catalog import CalendarCatalog
from services.sla.calendars.working_time import WorkingTime
from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.ladder import LadderRung
from services.sla.policies.matching import Subject
from services.sla.policies.targets import TargetDuration
from shared.domain import Unavailable
from shared.terms import ClockKind, Priority


@dataclass(frozen=True)
class ApplicablePolicy:
    """Which policy applies to a ticket, in which revision, with which calendar, targets and ladders of warnings."""

    id: str
    revision: int
    calendar: str
    target: Callable[[ClockKind, Priority | None], TargetDuration | None]
    ladder: Callable[[ClockKind], Sequence[LadderRung]]
    longest_pause: timedelta | None


@dataclass(frozen=True)
class Rules:
    """As this process knows them, which another may have changed meanwhile."""

    policies: PolicyCatalog
    calendars: CalendarCatalog

    def policy(self, subject: Subject, opened_at: datetime) -> ApplicablePolicy:
        """A working day is as long as it was when the ticket was opened. Raises Unavailable, to be tried again, for a
        calendar that is not known here yet."""
        id, version = self.policies.in_force(subject, opened_at)
        if version.calendar not in self.calendars:
            raise Unavailable(f"calendar {version.calendar} is not available yet", f"日历 {version.calendar} 暂不可用")
        day_seconds = self.calendars.get(version.calendar).edition(opened_at).week_at(opened_at).day_seconds

        def target(clock: ClockKind, priority: Priority | None) -> TargetDuration | None:
            found = version.target(clock, priority)
            return found.duration(day_seconds) if found else None

        return ApplicablePolicy(id, version.revision, version.calendar, target, version.ladder, version.longest_pause)

    def calendar_since(self, calendar: str, moment: datetime | None) -> datetime:
        """Since when the calendar's version is in force that was in force then; None: now."""
        return self.calendars.since(calendar, moment)

    def zone(self, calendar: str) -> str:
        return self.calendars.get(calendar).week.zone

    def working_time(self, calendar: str, moment: datetime | None) -> WorkingTime:
        """By the calendar's version in force then; None: now."""
        return self.calendars.working_time(calendar, moment)

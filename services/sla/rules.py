"""Which promises and which working time hold for a ticket: policies and calendars, kept at hand.

They are few and change rarely, so they are held in memory and read again every other second; a table of working time
is built once for each version of a calendar.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as day_time
from zoneinfo import ZoneInfo

from services.sla.calendar import Calendar, Span, Week, WorkingTime
from services.sla.clock import Target
from services.sla.domain import Targets, TicketClocks
from services.sla.policy import DEFAULT, Policy, Terms
from services.sla.public_holidays import public_holidays
from services.sla.store import Calendars, Policies
from shared.domain import NotFound, Origin, Unavailable
from shared.service import Now
from shared.terms import ClockKind, Priority

FRESH_FOR = 2.0  # seconds
YEARS_BACK, YEARS_AHEAD = 1, 3
TABLES = 64
CN = "cn"
OFFICE_DAY = [Span(start="09:00", end="12:00"), Span(start="13:30", end="18:00")]
CN_WEEK = Week(zone="Asia/Shanghai", country="CN", weekly=[*[OFFICE_DAY] * 5, [], []])


@dataclass
class Rules:
    policies: Policies
    calendars: Calendars
    now: Now
    _policies: dict[str, Policy] = field(default_factory=dict)
    _calendars: dict[str, Calendar] = field(default_factory=dict)
    _tables: OrderedDict[tuple[str, int, int], WorkingTime] = field(default_factory=OrderedDict)
    _read_at: float = float("-inf")

    async def lay_down(self) -> None:
        """The policy and the calendar that are there from the beginning."""
        await self.calendars.add(Calendar(id=CN, week=CN_WEEK), [], Origin.service("sla"))
        await self.policies.add(Policy.default(), [], Origin.service("sla"))
        await self.refresh()
        self.hours(CN, self.now())  # the table is built before the first ticket comes

    async def refresh(self, at_once: bool = False) -> None:
        """Read what others may have changed."""
        if at_once or time.monotonic() - self._read_at > FRESH_FOR:
            at = time.monotonic()
            self._policies = {policy.company: policy async for policy in self.policies.all()}
            self._calendars = {calendar.id: calendar async for calendar in self.calendars.all()}
            self._read_at = at

    # ---- what holds; `refresh` comes first

    def policy(self, company: str, moment: datetime) -> tuple[str, Terms]:
        """The company's own if it has one that holds then, else the default."""
        own = self._policies.get(company) if company else None
        if own and (terms := own.at(moment)):
            return own.id, terms
        terms = self._policies[""].at(moment)
        assert terms  # the default holds since ever
        return DEFAULT, terms

    def calendar(self, id: str) -> Calendar:
        """Raises NotFound."""
        if id not in self._calendars:
            raise NotFound(f"calendar {id} does not exist", f"日历 {id} 不存在")
        return self._calendars[id]

    def targets(self, company: str, moment: datetime) -> Targets:
        _, terms = self.policy(company, moment)
        day_seconds = self.calendar(terms.calendar).week.day_seconds

        def target(clock: ClockKind, priority: Priority | None) -> Target:
            return terms.promise(clock, priority).target(day_seconds)

        return target

    def hours(self, calendar_id: str, since: datetime) -> WorkingTime:
        """The table that reaches back to `since` at least."""
        calendar = self.calendar(calendar_id)
        this_year = self.now().year
        first, last = min(this_year, since.year) - YEARS_BACK, this_year + YEARS_AHEAD
        key = (calendar_id, calendar.version, first)
        table = self._tables.get(key)
        if table is None or not table.reaches(last):
            week = calendar.week
            table = self._tables[key] = WorkingTime(week, public_holidays(week.country, first, last), first, last)
            if len(self._tables) > TABLES:
                self._tables.popitem(last=False)
        return table

    def hours_of(self, ticket: TicketClocks) -> WorkingTime:
        """Raises Unavailable, to be tried again, when the ticket was counted by a newer calendar than is known here."""
        if self.calendar(ticket.calendar).version < ticket.calendar_version:
            self._read_at = float("-inf")
            raise Unavailable(f"calendar {ticket.calendar} has just changed", f"日历 {ticket.calendar} 刚刚变更")
        return self.hours(ticket.calendar, ticket.opened_at)

    def company_has_policy(self, company: str) -> bool:
        return company in self._policies

    def midnight(self, day: date, calendar_id: str = CN) -> datetime:
        """When this day begins where the calendar is."""
        zone = ZoneInfo(self.calendar(calendar_id).week.zone)
        return datetime.combine(day, day_time(0), zone).astimezone(UTC)

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

from services.sla.calendars.domain import EPOCH, Calendar, Span, Week, WeekFrom
from services.sla.calendars.public_holidays import public_holidays
from services.sla.calendars.store import Calendars
from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.life import Promised
from services.sla.policies.domain import DEFAULT, Policy, Target, Terms
from services.sla.policies.store import Policies
from shared.domain import NotFound, Origin, Unavailable
from shared.service import Now
from shared.terms import ClockKind, Priority

FRESH_FOR = 2.0  # seconds
YEARS_BACK, YEARS_AHEAD = 10, 3
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
    _tables: OrderedDict[tuple[str, datetime, int], WorkingTime] = field(default_factory=OrderedDict)
    _read_at: float = float("-inf")

    async def lay_down(self) -> None:
        """The policy and the calendar that are there from the beginning."""
        week = WeekFrom(since=EPOCH, week=CN_WEEK)
        await self.calendars.add(Calendar(id=CN, weeks=[week]), [], Origin.service("sla"))
        await self.policies.add(Policy.default(), [], Origin.service("sla"))
        await self.refresh()
        self.hours(CN, None)  # the table is built before the first ticket comes

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

    def are_those_of(self, company: str, opened_at: datetime, policy: str, promise: int) -> bool:
        """Whether such a ticket is promised what that revision of that policy decided."""
        held, terms = self.policy(company, opened_at)
        return (held, terms.revision) == (policy, promise)

    def calendar(self, id: str) -> Calendar:
        """Raises NotFound."""
        if id not in self._calendars:
            raise NotFound(f"calendar {id} does not exist", f"日历 {id} 不存在")
        return self._calendars[id]

    def promised(self, company: str, opened_at: datetime) -> Promised:
        """A working day is as long as it was when the ticket was opened. Raises Unavailable, to be tried again, for a
        calendar that is not known here yet."""
        policy, terms = self.policy(company, opened_at)
        if terms.calendar not in self._calendars:
            self._read_at = float("-inf")
            raise Unavailable(f"calendar {terms.calendar} is not known yet", f"日历 {terms.calendar} 尚未就绪")
        day_seconds = self.calendar(terms.calendar).at(opened_at).week.day_seconds

        def target(clock: ClockKind, priority: Priority | None) -> Target:
            return terms.promise(clock, priority).target(day_seconds)

        return Promised(policy, terms.revision, terms.calendar, target)

    def set_at(self, calendar: str, moment: datetime | None) -> datetime:
        return self.calendar(calendar).at(moment).since

    def hours(self, calendar: str, moment: datetime | None) -> WorkingTime:
        held = self.calendar(calendar).at(moment)
        last = self.now().year + YEARS_AHEAD
        key = (calendar, held.since, last)
        table = self._tables.get(key)
        if table is None:
            first, week = self.now().year - YEARS_BACK, held.week
            table = self._tables[key] = WorkingTime(week, public_holidays(week.country, first, last), first, last)
            if len(self._tables) > TABLES:
                self._tables.popitem(last=False)
        return table

    def company_has_policy(self, company: str) -> bool:
        return company in self._policies

    def midnight(self, day: date, calendar_id: str = CN) -> datetime:
        """When this day begins where the calendar is."""
        zone = ZoneInfo(self.calendar(calendar_id).week.zone)
        return datetime.combine(day, day_time(0), zone).astimezone(UTC)

"""A calendar of working time: weeks with their exceptions, each from a day on, and the announced lists of years.

What was set is kept with the moment since which it is known: an open clock is counted by what is known now, a stopped
one by what was known when it stopped. A working day is the longest day of the week: 7.5 hours in the default calendar
(09:00 to 12:00 and 13:30 to 18:00).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, model_validator

from services.sla.calendars.week import Day, DayType, Week
from services.sla.calendars.years import MAX_LISTED, ListedDay, YearList
from shared.domain import Aggregate, Value
from shared.events import AnnouncedDay, AnnouncedYear, Event, SlaCalendarChanged, SlaYearMissing, WorkingWeek
from shared.terms import EARLIEST

MILLISECOND = timedelta(milliseconds=1)
MAX_VERSIONS = 50
ASK_FROM = 10  # October: the list of the next year is announced in that month or the next
ASK_AGAIN = timedelta(days=7)
__all__ = ["Calendar", "Day", "DayType", "Edition", "Week", "WeekVersion"]


class WeekVersion(Value):
    """Known `since` that moment. It holds for days from `valid_from` on (None: for all, as in older releases), until
    the next day from which another one holds."""

    since: AwareDatetime
    valid_from: Day | None = None
    week: Week

    @property
    def begins(self) -> str:
        return self.valid_from or ""


@dataclass(frozen=True)
class Edition:
    """What a calendar says as far as it was known at some moment: the weeks in order of the days from which they hold,
    the first of them for all days before too, and the lists of years."""

    since: datetime
    weeks: Sequence[WeekVersion]
    years: Sequence[YearList]

    def week_on(self, day: str) -> Week:
        return next((one.week for one in reversed(self.weeks) if one.begins <= day), self.weeks[0].week)

    def week_at(self, moment: datetime) -> Week:
        """Of the day that it is then, in the zone of the week of that day in UTC."""
        zone = ZoneInfo(self.week_on(moment.date().isoformat()).zone)
        return self.week_on(moment.astimezone(zone).date().isoformat())


class Calendar(Aggregate):
    """`weeks` are its versions in the order in which they were set, `years` the lists of years likewise. `library` is
    the release of the public holidays that it was counted with, used since `library_since`. `due_at` is when somebody
    looks whether the list of the next year is there."""

    weeks: list[WeekVersion]
    years: list[YearList] = Field(default_factory=list)
    library: str = ""
    library_since: AwareDatetime = EARLIEST
    due_at: AwareDatetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _unversioned(cls, doc: Any) -> Any:
        if isinstance(doc, dict) and "week" in doc and "weeks" not in doc:
            return {**doc, "weeks": [{"since": EARLIEST, "week": doc["week"]}]}
        return doc

    # ---- what it says

    @property
    def week(self) -> Week:
        """The one that was set last."""
        return self.weeks[-1].week

    def since(self, moment: datetime | None) -> datetime:
        """Since when all is known that was known then; None: now."""
        known = (self.library_since, *(one.since for one in self.weeks), *(one.since for one in self.years))
        return max((at for at in known if moment is None or at <= moment), default=EARLIEST)

    def edition(self, moment: datetime | None) -> Edition:
        """As far as it was known then; None: now. Before the first version that one is known too."""
        known = [one for one in self.weeks if moment is None or one.since <= moment] or self.weeks[:1]
        weeks = {one.begins: one for one in known}  # of two from the same day the later one
        years = {one.year: one for one in self.years if moment is None or one.since <= moment}
        return Edition(
            self.since(moment), [weeks[day] for day in sorted(weeks)], [years[year] for year in sorted(years)]
        )

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.edition(None).week_at(now).zone)).date()

    # ---- what is set

    def change(self, week: Week, valid_from: date | None, now: datetime) -> list[Event]:
        """From that day on; None: from today, in its zone. Nothing happens where that day is like that already."""
        day = (valid_from or now.astimezone(ZoneInfo(week.zone)).date()).isoformat()
        if self.weeks and self.edition(None).week_on(day) == week:
            return []
        return self.add_version(week, day if self.weeks or valid_from else None, self._next(now))

    def add_version(self, week: Week, valid_from: str | None, since: datetime) -> list[Event]:
        """Beyond the limit the oldest version is dropped; what it was for is counted by the one after it."""
        self.weeks = [*self.weeks, WeekVersion(since=since, valid_from=valid_from, week=week)][-MAX_VERSIONS:]
        published = WorkingWeek.model_validate(week.model_dump())
        return [self._changed(since, week=published, valid_from=valid_from)]

    def set_year(self, year: int, days: Sequence[ListedDay], now: datetime) -> list[Event]:
        """The list of this year, which takes the place of the one before."""
        known = next((one for one in reversed(self.years) if one.year == year), None)
        ordered = sorted(days, key=lambda one: one.day)
        return [] if known and known.days == ordered else self.add_year(year, ordered, self._next(now))

    def add_year(self, year: int, days: Sequence[ListedDay], since: datetime) -> list[Event]:
        self.years = [*self.years, YearList(since=since, year=year, days=list(days))][-MAX_LISTED:]
        told = [AnnouncedDay(day=one.day, type=one.type, name=one.name) for one in days]
        return [self._changed(since, announced=AnnouncedYear(year=year, days=told))]

    def use_library(self, release: str, now: datetime) -> list[Event]:
        """Public holidays come from another release of the library: what is open is counted again."""
        if self.library == release:
            return []
        self.library, self.library_since = release, self._next(now)
        return [self._changed(self.library_since, library=release)]

    def restore(self, event: SlaCalendarChanged) -> list[Event]:
        """Take over what was published, unless something newer is known."""
        if event.revision > self.version:
            if event.week and event.time > self.weeks[-1].since:
                self.add_version(Week.model_validate(event.week.model_dump()), event.valid_from, event.time)
            if event.announced:
                days = [ListedDay.model_validate(one.model_dump()) for one in event.announced.days]
                self.add_year(event.announced.year, days, event.time)
            if event.library:
                self.library_since = event.time
            self.version = event.revision - 1  # the store counts this change too
        return []

    # ---- a year whose list is not announced

    def missing_year(self, unknown_from: int | None, now: datetime) -> int | None:
        """The year whose list is wanted by now: this one, or from October on the next."""
        today = self.today(now)
        last = today.year + (today.month >= ASK_FROM)
        listed = {one.year for one in self.years}
        years = range(today.year, last + 1) if unknown_from is not None else ()
        return next((year for year in years if year >= (unknown_from or 0) and year not in listed), None)

    def schedule(self, now: datetime) -> list[Event]:
        if self.due_at is None:
            self.due_at = self._first_look(now)
        return []

    def ask(self, unknown_from: int | None, now: datetime) -> list[Event]:
        """Asks for the list that is wanted, once a week as long as it is."""
        if self.due_at is None or self.due_at > now:
            return []
        year = self.missing_year(unknown_from, now)
        self.due_at = now + ASK_AGAIN if year else self._first_look(now, looked=True)
        return [SlaYearMissing(subject=self.id, time=now, calendar=self.id, year=year)] if year else []

    # ---- inside

    def _first_look(self, now: datetime, looked: bool = False) -> datetime:
        """The first of October of this year, or now if it is later; of the next year if that has been looked at."""
        today = self.today(now)
        if today.month >= ASK_FROM and not looked:
            return now
        year = today.year + (today.month >= ASK_FROM)
        zone = ZoneInfo(self.edition(None).week_at(now).zone)
        return datetime.combine(date(year, ASK_FROM, 1), time(0), zone)

    def _next(self, now: datetime) -> datetime:
        """No two changes are of the same moment."""
        return max(now, self.since(None) + MILLISECOND) if self.weeks else now

    def _changed(self, since: datetime, **what: Any) -> SlaCalendarChanged:
        return SlaCalendarChanged(subject=self.id, time=since, calendar=self.id, **what)

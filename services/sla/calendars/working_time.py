"""Working time as the clocks count with it: a table made of weeks and the public holidays of their countries."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.sla.calendars.domain import MILLISECOND
from services.sla.calendars.public_holidays import PublicHolidays
from services.sla.calendars.week import Week, WorkingHours
from services.sla.calendars.years import TOUCHED_FROM
from shared.terms import EARLIEST


class Period(NamedTuple):
    """From this day on this week holds, with these public holidays."""

    begins: date
    week: Week
    public: PublicHolidays


class WorkingTime:
    """Sorted intervals of working time with their running sums, so that adding and counting are one bisect each.

    Beyond its years the table answers with its edge: a clock must not fail over a date that is far away.
    """

    def __init__(
        self, week: Week, public: PublicHolidays, first_year: int, last_year: int, later: Sequence[Period] = ()
    ) -> None:
        """`later`: what holds instead from some day on, in order of these days."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._periods = [Period(date.min, week, public), *later]
        waiting = deque(self._periods)
        self.provisional_from = _provisional_from(public.unknown_from, ZoneInfo(self._periods[-1].week.zone))
        day = date(first_year, 1, 1)
        while day.year <= last_year:
            while waiting and waiting[0].begins <= day:
                _, week, public = waiting.popleft()
                zone = ZoneInfo(week.zone)
            for span in hours_of(day, week, public):
                self._add(_moment(day, span.start, zone), _moment(day, span.end, zone))
            day += timedelta(days=1)
        self._done = list(accumulate(end - start for start, end in zip(self._starts, self._ends, strict=True)))

    def _add(self, start: int, end: int) -> None:
        if self._ends and start <= self._ends[-1]:
            self._ends[-1] = max(self._ends[-1], end)
        elif end > start:  # a span may vanish in the hour that summer time skips
            self._starts.append(start)
            self._ends.append(end)

    def period_of(self, day: date) -> Period:
        return next(one for one in reversed(self._periods) if one.begins <= day)

    def between(self, start: datetime, end: datetime) -> int:
        """Milliseconds of working time."""
        return max(self._worked_until(epoch_ms(end)) - self._worked_until(epoch_ms(start)), 0)

    def add(self, start: datetime, milliseconds: int) -> datetime:
        """When so much working time has passed; the very moment of closing if it ends there."""
        at = epoch_ms(start)
        if milliseconds <= 0:
            return _utc(self._next_open(at))
        worked = self._worked_until(at) + milliseconds
        index = bisect_left(self._done, worked)
        if index == len(self._done):
            return _utc(max(self._ends[-1], at))
        return _utc(self._ends[index] - (self._done[index] - worked))

    def is_provisional(self, moment: datetime) -> bool:
        """True when it falls among days whose list is not announced yet, so that it may still move."""
        return self.provisional_from is not None and moment >= self.provisional_from

    def _worked_until(self, at: int) -> int:
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        return self._done[index] - max(self._ends[index] - at, 0)

    def _next_open(self, at: int) -> int:
        index = bisect_right(self._ends, at)
        return max(at, self._starts[index]) if index < len(self._starts) else at


def hours_of(day: date, week: Week, public: PublicHolidays) -> list[WorkingHours]:
    if special := week.hours.get(day.isoformat()):
        return special
    override = week.overrides.get(day.isoformat())
    usual = week.weekly[day.weekday()]
    if override == "off":
        return []
    if override == "work":
        return usual or week.full_day
    if day in public.worked:
        return week.full_day
    return [] if day in public.off else usual


def _provisional_from(year: int | None, zone: ZoneInfo) -> datetime | None:
    """The first day that the list of this year may be about."""
    return datetime(year - 1, *TOUCHED_FROM, tzinfo=zone).astimezone(UTC) if year else None


def _moment(day: date, at: str, zone: ZoneInfo) -> int:
    if at == "24:00":
        day, at = day + timedelta(days=1), "00:00"
    return int(datetime.combine(day, time.fromisoformat(at), zone).timestamp()) * 1000


def epoch_ms(moment: datetime) -> int:
    return (moment - EARLIEST) // MILLISECOND


def _utc(ms: int) -> datetime:
    return EARLIEST + ms * MILLISECOND

"""Working time: a calendar (what people set) and its table (what the clocks count with).

A working day is the longest day of the calendar's week: 7.5 hours in the calendar that is delivered
(09:00 to 12:00 and 13:30 to 18:00).
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from shared.domain import Aggregate, Value
from shared.events import Event, SlaCalendarChanged
from shared.terms import EARLIEST, LATEST, Wrong

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
LEAST_WEEK = timedelta(hours=5)
ClockTime = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Works = Literal["off", "work"]


class Span(Value):
    """Working hours from `start` until before `end`, in the calendar's zone; `24:00` is midnight."""

    start: ClockTime
    end: ClockTime

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.end <= self.start:
            raise Wrong("a span must end after it starts", "时段的结束必须晚于开始")
        return self

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=_minutes(self.end) - _minutes(self.start))


Spans = Annotated[list[Span], Field(max_length=8)]


class Week(Value):
    """What a calendar says. `weekly` begins with Monday; `overrides` win over the public holidays of `country`."""

    zone: str = Field(max_length=60)
    weekly: list[Spans] = Field(min_length=7, max_length=7)
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    overrides: dict[Day, Works] = Field(default_factory=dict, max_length=400)

    @model_validator(mode="after")
    def _sane(self) -> Self:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise Wrong("`zone` is no time zone", "zone 不是有效的时区") from error
        for spans in self.weekly:
            if any(after.start < before.end for before, after in pairwise(spans)):
                raise Wrong("the spans of a day must follow each other", "同一天的时段必须依次排列、互不重叠")
        if sum((self._length(spans) for spans in self.weekly), timedelta()) < LEAST_WEEK:
            raise Wrong("a week needs five working hours at least", "每周至少需要五个工作小时")
        if not all(_is_day(day) for day in self.overrides):
            raise Wrong(
                "`overrides` names a day that is none, or not between 1970 and 2200",
                "overrides 中有无效的日期，或不在 1970 年至 2200 年之间",
            )
        return self

    @staticmethod
    def _length(spans: list[Span]) -> timedelta:
        return sum((span.length for span in spans), timedelta())

    @property
    def full_day(self) -> list[Span]:
        """The longest day of the week: a working day, and what is worked on a day that makes up for a holiday."""
        return max(self.weekly, key=self._length)

    @property
    def day_seconds(self) -> int:
        return int(self._length(self.full_day).total_seconds())


class Calendar(Aggregate):
    week: Week

    def set(self, week: Week, now: datetime) -> list[Event]:
        if week == self.week:
            return []
        self.week = week
        return self.changed(now)

    def changed(self, now: datetime) -> list[Event]:
        return [SlaCalendarChanged(subject=self.id, time=now, calendar=self.id)]


@dataclass(frozen=True)
class PublicHolidays:
    """Days off, days worked to make up for them, and the first year whose make-up days are not announced yet."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    unknown_from: int | None = None


class WorkingTime:
    """Sorted intervals of working time with their running sums, so that adding and counting are one bisect each.

    Beyond its years the table answers with its edge: a clock must not fail over a date that is far away.
    """

    def __init__(self, week: Week, public: PublicHolidays, first_year: int, last_year: int) -> None:
        zone = ZoneInfo(week.zone)
        self._starts: list[int] = []
        self._ends: list[int] = []
        day = date(first_year, 1, 1)
        while day.year <= last_year:
            for span in _spans_of(day, week, public):
                start, end = _moment(day, span.start, zone), _moment(day, span.end, zone)
                if self._ends and start <= self._ends[-1]:
                    self._ends[-1] = max(self._ends[-1], end)
                elif end > start:  # a span may vanish in the hour that summer time skips
                    self._starts.append(start)
                    self._ends.append(end)
            day += timedelta(days=1)
        self._last_year = last_year
        self._done = list(accumulate(end - start for start, end in zip(self._starts, self._ends, strict=True)))
        unknown = public.unknown_from
        self.provisional_from = datetime(unknown, 1, 1, tzinfo=zone).astimezone(UTC) if unknown else None

    def between(self, start: datetime, end: datetime) -> int:
        """Milliseconds of working time."""
        return max(self._worked_until(_ms(end)) - self._worked_until(_ms(start)), 0)

    def add(self, start: datetime, milliseconds: int) -> datetime:
        """When so much working time has passed; the very moment of closing if it ends there."""
        at = _ms(start)
        if milliseconds <= 0:
            return _utc(self._next_open(at))
        worked = self._worked_until(at) + milliseconds
        index = bisect_left(self._done, worked)
        if index == len(self._done):
            return _utc(max(self._ends[-1], at))
        return _utc(self._ends[index] - (self._done[index] - worked))

    def reaches(self, year: int) -> bool:
        return year <= self._last_year

    def is_provisional(self, moment: datetime) -> bool:
        """True when it falls in a year whose make-up days are not announced yet, so that it may still move."""
        return self.provisional_from is not None and moment >= self.provisional_from

    def _worked_until(self, at: int) -> int:
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        return self._done[index] - max(self._ends[index] - at, 0)

    def _next_open(self, at: int) -> int:
        index = bisect_right(self._ends, at)
        return max(at, self._starts[index]) if index < len(self._starts) else at


def _spans_of(day: date, week: Week, public: PublicHolidays) -> list[Span]:
    override = week.overrides.get(day.isoformat())
    usual = week.weekly[day.weekday()]
    if override == "off":
        return []
    if override == "work":
        return usual or week.full_day
    if day in public.worked:
        return week.full_day
    return [] if day in public.off else usual


def _moment(day: date, at: str, zone: ZoneInfo) -> int:
    if at == "24:00":
        day, at = day + timedelta(days=1), "00:00"
    return int(datetime.combine(day, time.fromisoformat(at), zone).timestamp()) * 1000


def _is_day(text: str) -> bool:
    try:
        return EARLIEST.date() <= date.fromisoformat(text) < LATEST.date()
    except ValueError:
        return False


def _minutes(at: str) -> int:
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)


def _ms(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND


def _utc(ms: int) -> datetime:
    return EPOCH + ms * MILLISECOND

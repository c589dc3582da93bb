"""What people set about working time: a week with its exceptions, in versions.

A clock counts by the week that holds now while it is open, and by the one that held then once it has stopped. A working
day is the longest day of the week: 7.5 hours in the calendar that is delivered (09:00 to 12:00 and 13:30 to 18:00).
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from shared.domain import Aggregate, Value
from shared.events import Event, SlaCalendarChanged, WorkingWeek
from shared.terms import EARLIEST, LATEST, Wrong

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
LEAST_WEEK = timedelta(hours=5)
MOST_WEEKS = 50
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


class WeekFrom(Value):
    """What holds since that moment."""

    since: AwareDatetime
    week: Week


class Calendar(Aggregate):
    """`weeks` in their order; the first holds for all that came before it too."""

    weeks: list[WeekFrom]

    @model_validator(mode="before")
    @classmethod
    def _from_before_there_were_versions(cls, doc: Any) -> Any:
        if isinstance(doc, dict) and "week" in doc and "weeks" not in doc:
            return {**doc, "weeks": [{"since": EPOCH, "week": doc["week"]}]}
        return doc

    @property
    def week(self) -> Week:
        return self.weeks[-1].week

    def at(self, moment: datetime | None) -> WeekFrom:
        """What held then; None: what holds now."""
        if moment is None:
            return self.weeks[-1]
        return next((one for one in reversed(self.weeks) if one.since <= moment), self.weeks[0])

    def set(self, week: Week, now: datetime) -> list[Event]:
        return self.begin(week, max(now, self.weeks[-1].since + MILLISECOND)) if week != self.week else []

    def begin(self, week: Week, since: datetime) -> list[Event]:
        """Add a version; beyond the bound the oldest is forgotten, and clocks that stopped under it are counted, if
        ever again, by the one after it."""
        self.weeks = [*self.weeks, WeekFrom(since=since, week=week)][-MOST_WEEKS:]
        told = WorkingWeek.model_validate(week.model_dump())
        return [SlaCalendarChanged(subject=self.id, time=since, calendar=self.id, week=told)]

    def restore(self, revision: int, since: datetime, week: Week) -> list[Event]:
        """Take over a version as it was told, unless what is known is newer."""
        if revision > self.version:
            if since > self.weeks[-1].since:
                self.begin(week, since)
            self.version = revision - 1  # the store counts this change too
        return []


def _is_day(text: str) -> bool:
    try:
        return EARLIEST.date() <= date.fromisoformat(text) < LATEST.date()
    except ValueError:
        return False


def _minutes(at: str) -> int:
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)

"""A calendar of working time: a week with its exceptions, in versions.

An open clock is counted by the version in force now, a stopped one by the version that was in force when it stopped. A
working day is the longest day of the week: 7.5 hours in the default calendar (09:00 to 12:00 and 13:30 to 18:00).
"""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from shared.domain import Aggregate, Value
from shared.events import Event, SlaCalendarChanged, WorkingWeek
from shared.terms import EARLIEST, LATEST, InvalidValue

MILLISECOND = timedelta(milliseconds=1)
MIN_WEEK = timedelta(hours=5)
MAX_VERSIONS = 50
ClockTime = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
DayType = Literal["off", "work"]


class WorkingHours(Value):
    """Working hours from `start` until before `end`, in the calendar's zone; `24:00` is midnight."""

    start: ClockTime
    """Such as 09:00"""
    end: ClockTime
    """Such as 18:00"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.end <= self.start:
            raise InvalidValue("`end` must be after `start`", "`end` 须晚于 `start`")
        return self

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=_minutes(self.end) - _minutes(self.start))


DayHours = Annotated[list[WorkingHours], Field(max_length=8)]


class Week(Value):
    """What a calendar says. `weekly` begins with Monday; `overrides` win over the public holidays of `country`."""

    zone: str = Field(max_length=60)
    """The time zone, such as Asia/Shanghai"""
    weekly: list[DayHours] = Field(min_length=7, max_length=7)
    """The working hours of each day, Monday first; five hours a week at least"""
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    """Whose public holidays are off, such as CN; empty: nobody's"""
    overrides: dict[Day, DayType] = Field(default_factory=dict, max_length=400)
    """Days that are off or worked whatever the week and the holidays say"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise InvalidValue("`zone` is not a valid time zone", "`zone` 不是有效的时区") from error
        for spans in self.weekly:
            if any(after.start < before.end for before, after in pairwise(spans)):
                raise InvalidValue(
                    "working hours of a day must be in order and not overlap", "同一天的工作时段须按顺序排列且不重叠"
                )
        if sum((self._length(spans) for spans in self.weekly), timedelta()) < MIN_WEEK:
            raise InvalidValue("a week must have at least five working hours", "每周工作时间不得少于 5 小时")
        if not all(_is_day(day) for day in self.overrides):
            raise InvalidValue(
                "`overrides` must name valid dates from 1970 to 2199",
                "`overrides` 中的日期须有效，且在 1970 年至 2199 年之间",
            )
        return self

    @staticmethod
    def _length(spans: list[WorkingHours]) -> timedelta:
        return sum((span.length for span in spans), timedelta())

    @property
    def full_day(self) -> list[WorkingHours]:
        """The longest day of the week: a working day, and what is worked on a day that makes up for a holiday."""
        return max(self.weekly, key=self._length)

    @property
    def day_seconds(self) -> int:
        return int(self._length(self.full_day).total_seconds())


class WeekVersion(Value):
    """In force from `since` on."""

    since: AwareDatetime
    week: Week


class Calendar(Aggregate):
    """`weeks` are its versions, the oldest first, which is in force for everything before it too."""

    weeks: list[WeekVersion]

    @model_validator(mode="before")
    @classmethod
    def _unversioned(cls, doc: Any) -> Any:
        if isinstance(doc, dict) and "week" in doc and "weeks" not in doc:
            return {**doc, "weeks": [{"since": EARLIEST, "week": doc["week"]}]}
        return doc

    @property
    def week(self) -> Week:
        return self.weeks[-1].week

    def version_at(self, moment: datetime | None) -> WeekVersion:
        """The version in force then; None: now."""
        if moment is None:
            return self.weeks[-1]
        return next((one for one in reversed(self.weeks) if one.since <= moment), self.weeks[0])

    def change(self, week: Week, now: datetime) -> list[Event]:
        return self.add_version(week, max(now, self.weeks[-1].since + MILLISECOND)) if week != self.week else []

    def add_version(self, week: Week, since: datetime) -> list[Event]:
        """Beyond the limit the oldest version is dropped; clocks that stopped under it are counted, if ever again, by
        the one after it."""
        self.weeks = [*self.weeks, WeekVersion(since=since, week=week)][-MAX_VERSIONS:]
        published = WorkingWeek.model_validate(week.model_dump())
        return [SlaCalendarChanged(subject=self.id, time=since, calendar=self.id, week=published)]

    def restore(self, revision: int, since: datetime, week: Week) -> list[Event]:
        """Take over a version as it was published, unless a newer one is known."""
        if revision > self.version:
            if since > self.weeks[-1].since:
                self.add_version(week, since)
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

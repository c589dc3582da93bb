"""A week of working time with its exceptions: what people set."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from shared.domain import Value
from shared.terms import EARLIEST, LATEST, InvalidValue

MIN_WEEK = timedelta(hours=5)
MAX_DAYS = 400  # that are named one by one
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
SomeHours = Annotated[list[WorkingHours], Field(min_length=1, max_length=8)]


class Week(Value):
    """What a calendar says. `weekly` begins with Monday; `overrides` win over the public holidays of `country`."""

    zone: str = Field(max_length=60)
    """The time zone, such as Asia/Shanghai"""
    weekly: list[DayHours] = Field(min_length=7, max_length=7)
    """The working hours of each day, Monday first; five hours a week at least"""
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    """Whose public holidays are off, such as CN; empty: nobody's"""
    overrides: dict[Day, DayType] = Field(default_factory=dict, max_length=MAX_DAYS)
    """Days that are off or worked whatever the week and the holidays say"""
    hours: dict[Day, SomeHours] = Field(default_factory=dict, max_length=MAX_DAYS)
    """The working hours of single days, such as half days; they win over everything else"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise InvalidValue("`zone` is not a valid time zone", "`zone` 不是有效的时区") from error
        for spans in (*self.weekly, *self.hours.values()):
            if any(after.start < before.end for before, after in pairwise(spans)):
                raise InvalidValue(
                    "working hours of a day must be in order and not overlap", "同一天的工作时段须按顺序排列且不重叠"
                )
        if sum((self._length(spans) for spans in self.weekly), timedelta()) < MIN_WEEK:
            raise InvalidValue("a week must have at least five working hours", "每周工作时间不得少于 5 小时")
        if not all(is_day(day) for day in (*self.overrides, *self.hours)):
            raise InvalidValue(
                "`overrides` and `hours` must name valid dates from 1970 to 2199",
                "`overrides` 与 `hours` 中的日期须有效，且在 1970 年至 2199 年之间",
            )
        if twice := sorted(day for day in self.hours if self.overrides.get(day) == "off"):
            raise InvalidValue(f"{twice[0]} cannot be off and have hours", f"{twice[0]} 不能既休息又有工作时段")
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


def is_day(text: str) -> bool:
    try:
        return EARLIEST.date() <= date.fromisoformat(text) < LATEST.date()
    except ValueError:
        return False


def _minutes(at: str) -> int:
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)

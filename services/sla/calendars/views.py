"""Calendars as the API shows them."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import ConfigDict, Field

from services.sla.calendars.days import DayRule
from services.sla.calendars.domain import Calendar
from services.sla.calendars.week import DayType, Week
from services.sla.calendars.years import MAX_DAYS, ListedDay
from shared.http import Body, View, example
from shared.terms import Day, OptionalLine, Text

NORMAL_DAY = [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}]


class WeekBody(Week, Body):
    model_config = example(
        zone="Asia/Shanghai",
        weekly=[NORMAL_DAY, NORMAL_DAY, NORMAL_DAY, NORMAL_DAY, NORMAL_DAY, [], []],
        country="CN",
        overrides={"2026-12-31": "off"},
        hours={"2026-02-13": [{"start": "09:00", "end": "12:00"}]},
    )

    valid_from: Day | None = None
    """The day from which on it holds; null: from today on. Days before it stay as they were"""

    @property
    def week(self) -> Week:
        return Week(**{name: getattr(self, name) for name in Week.model_fields})


class YearDayBody(Body):
    name: OptionalLine = ""
    """Why, such as 春节"""
    date: Day
    """The day"""
    is_off_day: bool = Field(alias="isOffDay")
    """Whether it is off; false: it is worked to make up for one that is"""


class YearBody(Body):
    """The days off and make-up workdays of a year, all of them, as they are commonly shared as JSON."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}]
        }
    )

    schema_: OptionalLine = Field("", alias="$schema")
    """Ignored; lists often have it"""
    id: OptionalLine = Field("", alias="$id")
    """Ignored; lists often have it"""
    year: int | None = None
    """The year again; it must be the one of the path"""
    papers: list[OptionalLine] = Field(default_factory=list, max_length=20)
    """Ignored: where it was announced"""
    days: list[YearDayBody] = Field(min_length=1, max_length=MAX_DAYS)
    """Days off and days worked. Every public holiday of the year must be among them"""

    @property
    def listed(self) -> list[ListedDay]:
        return [
            ListedDay(day=one.date.isoformat(), type="off" if one.is_off_day else "work", name=one.name[:100])
            for one in self.days
        ]


class WorkingHoursView(View):
    start: str
    """Such as 09:00"""
    end: str
    """Such as 18:00; 24:00 is midnight"""


class WeekView(View):
    zone: str
    """The time zone"""
    weekly: list[list[WorkingHoursView]]
    """The working hours of each day, Monday first"""
    country: str
    """Whose public holidays are off; empty: nobody's"""
    overrides: dict[str, DayType]
    """Days that are off or worked whatever the week and the holidays say"""
    hours: dict[str, list[WorkingHoursView]]
    """The working hours of single days, such as half days; they win over everything else"""


class WeekVersionView(View):
    since: datetime
    """When it was set"""
    valid_from: date | None
    """The day from which on it holds; null: for all days before the next one too"""
    week: WeekView
    """What it says"""


class ListedDayView(View):
    day: date
    """The day"""
    type: DayType
    """Whether it is off, or worked to make up for one that is"""
    name: str
    """Why"""


class YearListView(View):
    year: int
    """The year"""
    since: datetime
    """When the list was set"""
    days: list[ListedDayView]
    """Days off and make-up workdays, in their order"""


class CalendarView(View):
    """The working time by which clocks are counted."""

    id: str
    """Its id"""
    version: int
    """Counts the changes; the ETag has it too"""
    week: WeekView
    """What it says today"""
    versions: list[WeekVersionView]
    """All that hold some day, in order of the days from which they do"""
    years: list[YearListView]
    """The lists of years that were set by hand"""
    provisional_from: datetime | None
    """Deadlines from then on may move: the days off of that year are not announced yet. Null: none may"""
    missing_year: int | None
    """The year whose list is wanted by now: this year or, from October on, the next"""
    warning: str
    """That in words, in the language of the request; empty while none is wanted"""

    @classmethod
    def of(
        cls, calendar: Calendar, now: datetime, unknown_from: int | None, provisional: datetime | None, language: str
    ) -> Self:
        edition, missing = calendar.edition(None), calendar.missing_year(unknown_from, now)
        return cls(
            id=calendar.id,
            version=calendar.version,
            week=WeekView.model_validate(edition.week_at(now)),
            versions=[WeekVersionView.model_validate(one) for one in edition.weeks],
            years=[YearListView.model_validate(one) for one in edition.years],
            provisional_from=provisional,
            missing_year=missing,
            warning=warning(missing).in_(language) if missing else "",
        )


def warning(year: int) -> Text:
    return Text(
        f"The days off and make-up workdays of {year} are not known yet: deadlines in it are provisional. Please set"
        f" the list of {year} as soon as it is announced.",
        f"{year} 年的放假调休安排尚未导入，该年的到期时间均为暂定。请在安排公布后尽快导入 {year} 年的列表。",
    )


class DayView(View):
    day: date
    """The day"""
    hours: list[WorkingHoursView]
    """When it is worked; empty: it is off"""
    why: Literal["week", "holiday", "make_up", "override", "hours"]
    """What says so: the week, a public holiday, a day worked to make up for one, an override, or hours of its own"""
    name: str
    """Of the public holiday, or of the one that is made up for; mostly empty otherwise"""
    provisional: bool
    """Whether that may change, because the list of its year is not announced yet"""

    @classmethod
    def of(cls, rule: DayRule) -> Self:
        return cls.model_validate(rule._asdict())

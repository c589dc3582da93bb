"""Calendars as the API shows them."""

from services.sla.calendars.domain import DayType, Week
from shared.http import View, example

NORMAL_DAY = [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}]


class WeekBody(Week):
    model_config = example(
        zone="Asia/Shanghai",
        weekly=[NORMAL_DAY, NORMAL_DAY, NORMAL_DAY, NORMAL_DAY, NORMAL_DAY, [], []],
        country="CN",
        overrides={"2026-12-31": "off"},
    )


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


class CalendarView(View):
    """The working time by which clocks are counted."""

    id: str
    """Its id"""
    version: int
    """Counts the changes; the ETag has it too"""
    week: WeekView
    """What it says now"""

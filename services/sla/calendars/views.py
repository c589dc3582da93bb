"""Calendars as the API shows them."""

from pydantic import BaseModel

from services.sla.calendars.domain import Calendar, Week


class CalendarView(BaseModel):
    """`week` is the version in force now."""

    id: str
    version: int
    week: Week

    @classmethod
    def of(cls, calendar: Calendar) -> "CalendarView":
        return cls(id=calendar.id, version=calendar.version, week=calendar.week)

"""The calendar that is there from the start: office hours in mainland China."""

from services.sla.calendars.domain import Calendar, WeekVersion
from services.sla.calendars.public_holidays import RELEASE
from services.sla.calendars.week import Week, WorkingHours
from shared.terms import EARLIEST

CN = "cn"
OFFICE_HOURS = [WorkingHours(start="09:00", end="12:00"), WorkingHours(start="13:30", end="18:00")]
CN_WEEK = Week(zone="Asia/Shanghai", country="CN", weekly=[*[OFFICE_HOURS] * 5, [], []])


def default_calendar() -> Calendar:
    return Calendar(id=CN, weeks=[WeekVersion(since=EARLIEST, week=CN_WEEK)], library=RELEASE)

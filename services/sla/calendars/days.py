"""What a calendar says of single days, and why."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from services.sla.calendars.week import WorkingHours
from services.sla.calendars.working_time import WorkingTime, hours_of


class DayRule(NamedTuple):
    """`why`: `hours`, `override`, `make_up`, `holiday` or `week`."""

    day: date
    hours: list[WorkingHours]
    why: str
    name: str
    provisional: bool


def day_rules(hours: WorkingTime, first: date, last: date) -> list[DayRule]:
    """Of each day from the first to the last."""
    return [_rule(hours, first + timedelta(days=n)) for n in range((last - first).days + 1)]


def _rule(hours: WorkingTime, day: date) -> DayRule:
    _, week, public = hours.period_of(day)
    written, name = day.isoformat(), public.names.get(day, "")
    if written in week.hours:
        why, name = "hours", ""
    elif written in week.overrides:
        why, name = "override", ""
    elif day in public.worked:
        why = "make_up"
    elif day in public.off:
        why = "holiday"
    else:
        why, name = "week", ""
    end_of_day = datetime.combine(day + timedelta(days=1), time(0), UTC)
    return DayRule(day, hours_of(day, week, public), why, name, hours.is_provisional(end_of_day))

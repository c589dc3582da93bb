"""The calendars as this process last read them, with a table of working time for each version in use, built once."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from services.sla.calendars.defaults import CN
from services.sla.calendars.domain import Calendar, Edition
from services.sla.calendars.public_holidays import PublicHolidays, public_holidays
from services.sla.calendars.week import Week
from services.sla.calendars.working_time import Period, WorkingTime
from shared.domain import NotFound

YEARS_BACK, YEARS_AHEAD = 10, 3
MAX_TABLES = 64


class CalendarCatalog:
    def __init__(self, now: Callable[[], datetime], calendars: Iterable[Calendar] = ()) -> None:
        self._now = now
        self._tables: OrderedDict[tuple[str, datetime, int], WorkingTime] = OrderedDict()
        self.replace(calendars)

    def replace(self, calendars: Iterable[Calendar]) -> None:
        self._calendars = {calendar.id: calendar for calendar in calendars}

    def __contains__(self, id: str) -> bool:
        return id in self._calendars

    def all(self) -> list[Calendar]:
        return list(self._calendars.values())

    def get(self, id: str) -> Calendar:
        """Raises NotFound."""
        if id not in self._calendars:
            raise NotFound(f"calendar {id} does not exist", f"日历 {id} 不存在")
        return self._calendars[id]

    def since(self, id: str, moment: datetime | None) -> datetime:
        """Since when all is known of it that was known then; None: now."""
        return self.get(id).since(moment)

    def working_time(self, id: str, moment: datetime | None) -> WorkingTime:
        """By what was known of it then; None: now."""
        calendar, this_year = self.get(id), self._now().year
        key = (id, calendar.since(moment), this_year)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = working_time(calendar.edition(moment), this_year)
            if len(self._tables) > MAX_TABLES:
                self._tables.popitem(last=False)
        return table

    def day_of(self, moment: datetime, id: str = CN) -> date:
        """The one that it is then in the calendar's time zone."""
        return self.get(id).today(moment)

    def zone(self, id: str = CN) -> str:
        return self.get(id).edition(None).week_at(self._now()).zone

    def midnight(self, day: date, id: str = CN) -> datetime:
        """When this day begins in the calendar's time zone."""
        zone = ZoneInfo(self.get(id).edition(None).week_on(day.isoformat()).zone)
        return datetime.combine(day, time(0), zone).astimezone(UTC)


def working_time(edition: Edition, this_year: int) -> WorkingTime:
    first, last = this_year - YEARS_BACK, this_year + YEARS_AHEAD

    def public(week: Week) -> PublicHolidays:
        return public_holidays(week.country, first, last).with_lists(edition.years)

    begin, *others = edition.weeks
    later = [Period(date.fromisoformat(one.begins), one.week, public(one.week)) for one in others]
    return WorkingTime(begin.week, public(begin.week), first, last, later)

"""Reading and changing calendars."""

from dataclasses import dataclass

from services.sla.calendars.catalog import CalendarCatalog
from services.sla.calendars.defaults import CN, default_calendar
from services.sla.calendars.domain import Calendar, Week, WeekVersion
from services.sla.calendars.public_holidays import public_holidays
from services.sla.calendars.store import Calendars
from shared.domain import Origin
from shared.events import SlaCalendarChanged
from shared.service import Now


@dataclass(frozen=True)
class CalendarHandlers:
    store: Calendars
    catalog: CalendarCatalog
    now: Now

    async def seed_defaults(self) -> None:
        await self.store.add(default_calendar(), [], Origin.service("sla"))
        await self.refresh()
        self.catalog.working_time(CN, None)  # the table is built before the first ticket comes

    async def refresh(self) -> None:
        self.catalog.replace([calendar async for calendar in self.store.all()])

    async def put(self, id: str, week: Week, by: Origin) -> Calendar:
        """Raises UnknownCountry, and what the store refuses."""
        now = self.now()
        public_holidays(week.country, now.year, now.year)
        if by.if_match is None and await self.store.find(id) is None:
            new = Calendar(id=id, weeks=[])
            await self.store.add(new, new.add_version(week, now), by)
        calendar = await self.store.change(id, lambda calendar: calendar.change(week, now), by)
        await self.refresh()
        return calendar

    async def restore(self, event: SlaCalendarChanged) -> bool:
        """As it was published; False for an older release, which did not say what had changed."""
        if event.week is None:
            return False
        week, by = Week.model_validate(event.week.model_dump()), Origin.service("sla")
        await self.store.add(Calendar(id=event.subject, weeks=[WeekVersion(since=event.time, week=week)]), [], by)
        await self.store.change(event.subject, lambda calendar: calendar.restore(event.revision, event.time, week), by)
        return True

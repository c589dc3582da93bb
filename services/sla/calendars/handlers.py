"""Reading and changing calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.sla.calendars.catalog import YEARS_AHEAD, YEARS_BACK, CalendarCatalog
from services.sla.calendars.defaults import CN, default_calendar
from services.sla.calendars.domain import Calendar, WeekVersion
from services.sla.calendars.public_holidays import RELEASE, public_holidays
from services.sla.calendars.store import Calendars
from services.sla.calendars.week import Week
from services.sla.calendars.years import ListedDay, check_list
from shared.domain import Origin
from shared.events import Event, SlaCalendarChanged
from shared.service import Now

BY_TIME = Origin.service("sla")


@dataclass(frozen=True)
class CalendarHandlers:
    store: Calendars
    catalog: CalendarCatalog
    now: Now

    async def seed_defaults(self, silent: bool = False) -> None:
        """`silent`: nothing may be published."""
        new = default_calendar()
        if not silent:
            new.schedule(self.now())
        await self.store.add(new, [], BY_TIME)
        await self.refresh()
        if not silent:
            await self._keep_up()
        self.catalog.working_time(CN, None)  # the table is built before the first ticket comes

    async def _keep_up(self) -> None:
        """Calendars that were counted with another release of the library, and those that nobody looks after."""
        for calendar in self.catalog.all():
            if calendar.library != RELEASE or calendar.due_at is None:
                await self.store.change(calendar.id, self._brought_up, BY_TIME)
        await self.refresh()

    def _brought_up(self, calendar: Calendar) -> list[Event]:
        now = self.now()
        return [*calendar.schedule(now), *calendar.use_library(RELEASE, now)]

    async def refresh(self) -> None:
        self.catalog.replace([calendar async for calendar in self.store.all()])

    async def put(self, id: str, week: Week, by: Origin, valid_from: date | None = None) -> Calendar:
        """Raises UnknownCountry, and what the store refuses."""
        now = self.now()
        public_holidays(week.country, now.year, now.year)

        def decide(calendar: Calendar) -> list[Event]:
            return [*calendar.change(week, valid_from, now), *calendar.schedule(now)]

        if by.if_match is None and await self.store.find(id) is None:
            new = Calendar(id=id, weeks=[], library=RELEASE)
            await self.store.add(new, decide(new), by)
        calendar = await self.store.change(id, decide, by)
        await self.refresh()
        return calendar

    async def put_year(self, id: str, year: int, days: Sequence[ListedDay], by: Origin) -> Calendar:
        """Raises BadList, and what the store refuses."""
        now = self.now()

        def decide(calendar: Calendar) -> list[Event]:
            country = calendar.edition(None).week_on(f"{year}-01-01").country
            check_list(year, days, public_holidays(country, year - 1, year).certain)
            return calendar.set_year(year, days, now)

        calendar = await self.store.change(id, decide, by)
        await self.refresh()
        return calendar

    async def check_due(self, ids: Sequence[str]) -> None:
        """Asks for the lists of years that are wanted by now."""
        for id in ids:
            await self.store.change(id, self._asked, BY_TIME)

    def _asked(self, calendar: Calendar) -> list[Event]:
        now = self.now()
        return calendar.ask(self.unknown_from(calendar, now), now)

    def unknown_from(self, calendar: Calendar, now: datetime) -> int | None:
        """The first year whose list the library does not have; None for a country that announces none."""
        country = calendar.edition(None).week_at(now).country
        return public_holidays(country, now.year - YEARS_BACK, now.year + YEARS_AHEAD).unknown_from

    async def restore(self, event: SlaCalendarChanged) -> bool:
        """As it was published; False for an older release, which did not say what had changed."""
        if event.week is None:
            if not (event.announced or event.library):
                return False
        else:
            version = WeekVersion(
                since=event.time, valid_from=event.valid_from, week=Week.model_validate(event.week.model_dump())
            )
            await self.store.add(Calendar(id=event.subject, weeks=[version], library=RELEASE), [], BY_TIME)
        await self.store.change(event.subject, lambda calendar: calendar.restore(event), BY_TIME)
        return True

"""Reports on a period."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.sla.calendars.handlers import CalendarHandlers
from services.sla.figures.handlers import MAX_PERIOD, BadPeriod, FigureHandlers
from services.sla.statistics.domain import Statistics, statistics
from shared.service import Now

DEFAULT_PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class StatisticsHandlers:
    figures: FigureHandlers
    calendars: CalendarHandlers
    now: Now

    async def over(self, since: datetime | date | None, until: datetime | date | None) -> Statistics:
        """Of the last 30 days by default. Raises BadPeriod."""
        await self.calendars.refresh()
        end = self._moment(until) if until else self.now()
        start = self._moment(since) if since else end - DEFAULT_PERIOD
        if not timedelta() < end - start <= MAX_PERIOD:
            raise BadPeriod(
                f"`until` must be after `since`, by at most {MAX_PERIOD.days} days",
                f"`until` 须晚于 `since`，且间隔不超过 {MAX_PERIOD.days} 天",
            )
        return statistics(await self.figures.opened(start, end, "priority"))

    def _moment(self, moment: datetime | date) -> datetime:
        return moment if isinstance(moment, datetime) else self.calendars.catalog.midnight(moment)

"""Proposing the hard cases of each quarter when it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from services.sla.calendars.handlers import CalendarHandlers
from services.sla.figures.handlers import FigureHandlers
from services.sla.training.domain import Agenda, Case, hardest, quarter_of
from services.sla.training.store import Agendas
from shared.domain import Origin
from shared.service import Now

BY_TIME = Origin.service("sla")
AFTER_MIDNIGHT = timedelta(minutes=10)  # for what is heard late of the last day


@dataclass(frozen=True)
class TrainingHandlers:
    store: Agendas
    figures: FigureHandlers
    calendars: CalendarHandlers
    now: Now

    async def plan(self) -> None:
        """The agenda of this quarter is planned. Done at each start, and again by each that is made."""
        await self._plan(await self.figures.today())

    async def propose_due(self, ids: Sequence[str]) -> None:
        """The next is planned before this one is made: whatever dies in between, this one is still due."""
        for id in ids:
            agenda = await self.store.get(id)
            if agenda.due_at and agenda.due_at <= self.now():
                since, until = date.fromisoformat(agenda.since), date.fromisoformat(agenda.until)
                await self.calendars.refresh()
                await self._plan(until)
                cases = await self._cases(since, until)
                await self.store.change(id, partial(Agenda.propose, cases=cases, now=self.now()), BY_TIME)

    async def page(self, after: str | None, limit: int) -> tuple[list[Agenda], str | None]:
        return await self.store.page({}, self.store.newest_first, after, limit)

    async def _cases(self, since: date, until: date) -> list[Case]:
        found: list[tuple[int, str, Case]] = []
        async for records in self.figures.recorded(since, until):
            found = hardest(records, found)
        return [case for _, _, case in found]

    async def _plan(self, day: date) -> None:
        due_at = self.calendars.catalog.midnight(quarter_of(day)[1]) + AFTER_MIDNIGHT
        await self.store.add(Agenda.of_quarter(day, due_at), [], BY_TIME)

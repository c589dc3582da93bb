"""Raising improvements, changing and ending them, and reminding their owners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from services.sla.calendars.handlers import CalendarHandlers
from services.sla.improvements.domain import Baseline, Ended, Improvement, Kind, State
from services.sla.improvements.store import Improvements
from shared.domain import Origin
from shared.service import Now

BY_TIME = Origin.service("sla")


@dataclass(frozen=True)
class ImprovementHandlers:
    store: Improvements
    calendars: CalendarHandlers
    now: Now

    async def raise_(
        self, review: str, baseline: Baseline, kind: Kind, title: str, owner: str, due_on: date, by: Origin
    ) -> Improvement:
        now = self.now()
        new = Improvement(
            id=f"imp-{uuid4().hex[:12]}",
            kind=kind,
            title=title,
            review=review,
            baseline=baseline,
            owner=owner,
            due_on=due_on,
            raised_by=by.actor,
            raised_at=now,
        )
        events = new.raised(self.calendars.catalog.midnight(due_on), now)
        return await self.store.add(new, events, by, [by.key] if by.key else ())

    async def change(self, id: str, owner: str | None, due_on: date | None, by: Origin) -> Improvement:
        """Raises NotFound, AlreadyEnded, and what the store refuses."""
        now, midnight = self.now(), self.calendars.catalog.midnight(due_on) if due_on else None
        return await self.store.change(id, lambda one: one.change(owner, due_on, midnight, now), by)

    async def end(self, id: str, state: Ended, result: str, by: Origin) -> Improvement:
        """Raises NotFound, AlreadyEnded, and what the store refuses."""
        return await self.store.change(id, lambda one: one.end(state, result, self.now()), by)

    async def remind(self, ids: Sequence[str]) -> None:
        now = self.now()
        today = self.calendars.catalog.day_of(now)
        for id in ids:
            await self.store.change(id, lambda one: one.remind(today, now), BY_TIME)

    async def page(
        self, wanted: Mapping[str, str], after: str | None, limit: int
    ) -> tuple[list[Improvement], str | None]:
        return await self.store.page(dict(wanted), self.store.newest_first, after, limit)

    async def before(self, day: date) -> list[Improvement]:
        """Those raised before this day, which were not dropped, the newest 100."""
        midnight = self.calendars.catalog.midnight(day)
        query = {"raised_at": {"$lt": midnight}, "state": {"$ne": State.DROPPED.value}}
        return await self.store.where(query, "-raised_at", 100)

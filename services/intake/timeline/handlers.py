"""Events of all services become entries of timelines."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from services.intake.timeline.domain import Entry, ticket_of
from services.intake.timeline.store import Timeline
from shared.domain import Origin
from shared.events import Event

INTAKE = Origin.service("intake")
Handler = Callable[[Any], Awaitable[object]]


@dataclass(frozen=True)
class TimelineHandlers:
    store: Timeline

    async def record(self, event: Event) -> None:
        """Once, however often it comes: an entry has a place that follows from its event."""
        if ticket_of(event):
            await self.store.add(Entry.of(event), [], INTAKE)

    def after(self, handler: Handler) -> Handler:
        """Record it when that handler had it, also what it cannot hear yet: it has happened all the same."""

        async def both(event: Event) -> None:
            try:
                await handler(event)
            finally:
                await self.record(event)

        return both

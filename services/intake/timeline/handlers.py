"""Events of all services become entries of timelines."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.timeline.domain import Entry, taken_over, ticket_of
from services.intake.timeline.store import Timeline
from shared.events import Event, ImportPartTaken


@dataclass(frozen=True)
class TimelineHandlers:
    store: Timeline

    async def record(self, events: Sequence[Event]) -> None:
        """Each once, however often it comes: an entry has a place that follows from its event."""
        if entries := [Entry.of(event) for event in events if ticket_of(event)]:
            await self.store.add_all(entries)

    async def record_taken(self, event: ImportPartTaken) -> None:
        """An entry of each ticket that was taken over."""
        await self.store.add_all(taken_over(event))

"""Everything that can be done with records."""

from dataclasses import dataclass
from functools import partial

from deploy.template.records.domain import Record
from deploy.template.records.store import Records
from shared.domain import Origin
from shared.events import TicketCompleted, TicketOpened, TicketReopened


@dataclass(frozen=True)
class RecordHandlers:
    store: Records

    async def open(self, event: TicketOpened) -> None:
        await self.store.add(Record.of(event), [], event)

    async def hear(self, event: TicketCompleted | TicketReopened) -> None:
        await self.store.change(event.subject, partial(Record.hear, event=event), event)

    async def annotate(self, ticket: str, note: str, by: Origin) -> Record:
        """Raises NotFound, Stale, Conflict."""
        return await self.store.change(ticket, partial(Record.annotate, note=note), by)

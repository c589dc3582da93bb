from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.intake.timeline.domain import Entry
from shared.mongo import Database, insert_new
from shared.outbox import Sender
from shared.store import MILLISECOND, EarliestFirst, Index, NewestFirst, Order, Span, Store

FIELDS = tuple(name for name in Entry.model_fields if name != "id")


class Timeline(Store[Entry]):
    kind = Entry
    collection = "timeline"
    projection = True
    has_outbox = False
    indexes = (Index(("ticket", "ordered_at")),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("ordered_at", now)
        self.oldest_first = EarliestFirst("ordered_at", now)

    async def add_all(self, entries: Sequence[Entry]) -> None:
        """Those that are not there yet, in one statement. Nobody changes one."""
        await insert_new(self._docs, [{"_id": one.id, **self._dump(one)} for one in entries])

    async def entries(
        self, wanted: Mapping[str, Any], since: datetime, oldest: bool, after: str | None, limit: int
    ) -> tuple[list[Entry], str | None]:
        """Those of a ticket from that moment on, and the cursor of the next page."""
        order: Order = self.oldest_first if oldest else self.newest_first
        first = since - MILLISECOND if oldest else None  # a list begins behind it
        span: Span = (first, None if oldest else since)
        rows, next = await self.page_of_rows(wanted, order, after, limit, FIELDS, span)
        return [Entry.model_validate(row) for row in rows], next

    def _dump(self, aggregate: Entry) -> dict[str, Any]:
        """Only what there is to say: there are very many."""
        return {name: value for name, value in super()._dump(aggregate).items() if value not in (None, "", [], {})}

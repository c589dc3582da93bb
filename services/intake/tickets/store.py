from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from services.intake.tickets.domain import Ticket
from services.intake.tickets.imported import as_history
from shared.domain import Origin
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import MILLISECOND, Decide, EarliestFirst, Index, NewestFirst, Row, Span, Store
from shared.store.packing import Write

ROW = (
    "problem.title",
    "stage",
    "waiting_for",
    "category",
    "priority",
    "customer",
    "customer_name",
    "company",
    "assignee",
    "assignee_name",
    "opened_at",
)
# The first that is asked for picks the index.
NARROWEST = ("contact.sub", "customer", "company", "assignee", "stage", "waiting_for", "priority", "category")


class Tickets(Store[Ticket]):
    kind = Ticket
    unique = ("_keys",)
    stamped = True
    indexes = (Index(("opened_at",)), *(Index((name, "opened_at")) for name in NARROWEST))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("opened_at", now)
        self.oldest_first = EarliestFirst("opened_at", now)

    async def _decide(
        self, doc: dict[str, Any], aggregate: Ticket, decide: Decide[Ticket], origin: Origin
    ) -> Write | None:
        return await super()._decide(
            doc, aggregate, decide if origin.is_service else partial(as_history, decide), origin
        )

    async def newest(
        self, wanted: Mapping[str, Any], opened: Span, after: str | None, limit: int
    ) -> tuple[list[Row], str | None]:
        """Rows, newest first, and the cursor of the next page. `wanted` gives values, or lists of them, by field; they
        were opened in the time from the first moment up to the second, where those are given."""
        since, before = opened
        return await self.page_of_rows(wanted, self.newest_first, after, limit, ROW, (before, since))

    async def oldest(
        self,
        wanted: Mapping[str, Any],
        opened: Span,
        after: str | None,
        limit: int,
        fields: Sequence[str] = ROW,
    ) -> tuple[list[Row], str | None]:
        """The same, oldest first; rows with these fields."""
        behind, last = (moment - MILLISECOND if moment else None for moment in opened)
        return await self.page_of_rows(wanted, self.oldest_first, after, limit, fields, (behind, last))

"""The questions that notify asks of its database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.notify.domain import Contact, Delivery, place_of
from shared.store import Index, Store

# A page is looked for in the last minutes before it, then further back: a server that sorts all it finds should not
# find a whole history for the sake of its newest fifty.
WINDOWS = (timedelta(minutes=10), timedelta(hours=6), timedelta(days=7))


class Contacts(Store[Contact]):
    kind = Contact

    async def owner(self, ticket: str) -> tuple[str, str] | None:
        """The customer's `sub` and company."""
        found = await self.rows({"_id": ticket}, ["customer.sub", "company"], limit=1)
        return (found[0]["customer"]["sub"], found[0]["company"]) if found else None


class Deliveries(Store[Delivery]):
    kind = Delivery
    indexes = (Index(("recipient", "place")), Index(("ticket", "place")), Index(("place",)))

    async def newest(
        self, recipients: Sequence[str], ticket: str | None, before: str | None, limit: int, now: datetime
    ) -> list[Delivery]:
        """Newest first, from before a `place`; of everybody when no recipients are named."""
        query: dict[str, Any] = {}
        if ticket:
            query["ticket"] = ticket
        if recipients:
            query["recipient"] = {"$in": list(recipients)}
        start = datetime.fromtimestamp(int(before[:13]) / 1000, UTC) if before else now
        floors = [] if ticket else [place_of(start - window) for window in WINDOWS]
        found: list[Delivery] = []
        for floor in (*floors, ""):
            places = {"$gte": floor, "$lt": before} if before else {"$gte": floor}
            found = await self.where({**query, "place": places}, "-place", limit)
            if len(found) == limit:
                break
        return found

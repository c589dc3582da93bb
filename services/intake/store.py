from datetime import datetime, timedelta
from typing import Any

from services.intake.customer import Customer
from services.intake.domain import Ticket
from shared.store import Index, Store

# The first look goes this far back, each further one six times as far, until the page is full: a server that sorts
# all that matches has little to sort, and one that walks the index loses nothing.
FIRST_LOOK = timedelta(minutes=10)
LAST_LOOK = timedelta(days=20 * 365)


class Tickets(Store[Ticket]):
    kind = Ticket
    unique = ("_keys",)
    indexes = (
        Index(("opened_at",)),
        Index(("contact.sub", "opened_at")),
        Index(("company", "opened_at")),
    )

    async def newest(self, query: dict[str, Any], before: datetime, before_id: str, limit: int) -> list[Ticket]:
        """The newest tickets opened before this moment (and, at the same moment, with a smaller number)."""
        reach = FIRST_LOOK
        while True:
            since = before - reach
            found = await self.where({**query, "opened_at": {"$gt": since, "$lte": before}}, "-opened_at")
            found = [t for t in found if (t.opened_at, t.id) < (before, before_id)]
            found.sort(key=lambda t: (t.opened_at, t.id), reverse=True)
            if len(found) >= limit or reach > LAST_LOOK:
                return found[:limit]
            reach *= 6


class Customers(Store[Customer]):
    kind = Customer

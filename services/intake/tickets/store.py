from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from services.intake.tickets.domain import Ticket
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, Store

# A look that finds too few goes six times as far back, one that finds far too many is a shorter one the next time: a
# server that sorts all that matches has little to sort, and one that walks the index loses nothing.
FIRST_LOOK = timedelta(minutes=10)
LAST_LOOK = timedelta(days=20 * 365)
FARTHER = 6
SHOWN = (
    "problem.title",
    "stage",
    "waiting_for",
    "category",
    "priority",
    "customer",
    "customer_name",
    "assignee_name",
    "opened_at",
)


class Tickets(Store[Ticket]):
    kind = Ticket
    unique = ("_keys",)
    indexes = (
        Index(("opened_at",)),
        Index(("contact.sub", "opened_at")),
        Index(("company", "opened_at")),
    )

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self._reach: dict[str, timedelta] = {}

    async def newest(self, query: dict[str, Any], before: datetime, before_id: str, limit: int) -> list[dict[str, Any]]:
        """What lists show of the newest tickets before this moment (at the same moment: with a smaller number)."""
        whose = next(iter(query), "")
        reach = self._reach.get(whose, FIRST_LOOK)
        while True:
            among = {**query, "opened_at": {"$gt": before - reach, "$lte": before}}
            found = [
                row for row in await self.rows(among, SHOWN) if (row["opened_at"], row["id"]) < (before, before_id)
            ]
            if len(found) >= limit or reach > LAST_LOOK:
                break
            reach *= FARTHER
        self._reach[whose] = max(reach / FARTHER, FIRST_LOOK / FARTHER**3) if len(found) > 4 * limit else reach
        return sorted(found, key=lambda row: (row["opened_at"], row["id"]), reverse=True)[:limit]

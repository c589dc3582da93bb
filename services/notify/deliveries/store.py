from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.notify.deliveries.domain import Delivery, Installation, place_at
from shared.domain import Origin
from shared.store import Index, Store

# A page is looked for in the last minutes before it, then further back: a server that sorts all it finds should not
# find a whole history for the sake of its newest fifty.
WINDOWS = (timedelta(minutes=10), timedelta(hours=6), timedelta(days=7))


class Installations(Store[Installation]):
    kind = Installation
    collection = "birth"  # its name before; without it all would be installed anew
    has_outbox = False
    _at: datetime | None = None

    async def installed_at(self, now: datetime) -> datetime:
        """The moment at which this was asked for the first time."""
        if self._at is None:
            self._at = (await self.add(Installation(id="notify", at=now), [], Origin.service("notify"))).at
        return self._at


class Deliveries(Store[Delivery]):
    kind = Delivery
    projection = True
    indexes = (Index(("recipient", "place")), Index(("ticket", "place")), Index(("place",)))

    async def renew(self, ids: Sequence[str], now: datetime, until: datetime) -> None:
        """Leases that are not over yet. The version too, so that who claims one at this very moment is too late."""
        held = {"_id": {"$in": list(ids)}, "due_at": {"$gt": now}}
        await self._docs.update_many(held, {"$set": {"due_at": until}, "$inc": {"version": 1}})

    async def newest(
        self, recipients: Sequence[str], ticket: str | None, before: str | None, limit: int, now: datetime
    ) -> list[Delivery]:
        """Newest first, from before a `place`; of everybody when no recipients are named."""
        if ticket:
            of_ticket = await self.where({"ticket": ticket, "place": _between("", before)}, "-place")
            return [one for one in of_ticket if not recipients or one.recipient in recipients][:limit]
        queries: list[dict[str, Any]] = [{"recipient": recipient} for recipient in recipients] or [{}]
        found = [one for query in queries for one in await self._newest(query, before, limit, now)]
        return sorted(found, key=lambda one: one.place, reverse=True)[:limit]

    async def _newest(self, query: dict[str, Any], before: str | None, limit: int, now: datetime) -> list[Delivery]:
        start = datetime.fromtimestamp(int(before[:13]) / 1000, UTC) if before else now
        found: list[Delivery] = []
        for floor in (*(place_at(start - window) for window in WINDOWS), ""):
            found = await self.where({**query, "place": _between(floor, before)}, "-place", limit)
            if len(found) == limit:
                break
        return found


def _between(floor: str, before: str | None) -> dict[str, str]:
    return {"$gte": floor, "$lt": before} if before else {"$gte": floor}

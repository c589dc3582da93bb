from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.notify.deliveries.domain import Delivery
from services.notify.deliveries.escalation import Escalation
from services.notify.deliveries.installation import Installation
from shared.domain import Origin
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import EarliestFirst, Index, NewestFirst, Row, Store

REMOVED_AT_ONCE = 1000


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
    indexes = (Index(("ticket", "created_at")), Index(("recipient", "created_at")), Index(("created_at",)))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("created_at", now)
        self.oldest_first = EarliestFirst("created_at", now)
        self.kept_for = timedelta(days=365)

    async def oldest(self, query: Mapping[str, Any], limit: int) -> list[Row]:
        """The ids of those that match."""
        rows, _ = await self.page_of_rows(query, self.oldest_first, None, limit, ())
        return rows

    async def remove_expired(self) -> int:
        """What is kept no longer, and neither waits to be sent nor has something to tell yet."""
        old = {"created_at": {"$lt": self._now() - self.kept_for}, "due_at": None, "_unsent": None}
        removed = 0
        while gone := [row["id"] for row in await self.rows(old, (), limit=REMOVED_AT_ONCE)]:
            await self.remove(gone)
            removed += len(gone)
        return removed + await super().remove_expired()

    async def claim(self, ids: Sequence[str], by: str, now: datetime, until: datetime) -> list[Delivery]:
        """Those of them that are due and that no other process has claimed, in two round trips. `by` is this claim's
        name, which no other one has."""
        due = {"_id": {"$in": list(ids)}, "due_at": {"$lte": now}}
        await self._docs.update_many(due, {"$set": {"due_at": until, "leased_by": by}, "$inc": {"version": 1}})
        docs = [doc async for doc in self._latest.find({"_id": {"$in": list(ids)}, "leased_by": by})]
        for doc in docs:
            self._recent.put(doc["_id"], doc)
        return [self._load(doc) for doc in docs]

    async def postpone(self, ids: Sequence[str], now: datetime, until: datetime) -> None:
        """Those of them that are due, and that no other process has claimed."""
        due = {"_id": {"$in": list(ids)}, "due_at": {"$lte": now}}
        await self._docs.update_many(due, {"$set": {"due_at": until}, "$inc": {"version": 1}})

    async def renew(self, ids: Sequence[str], now: datetime, until: datetime) -> None:
        """Leases that are not over yet. The version too, so that who claims one at this very moment is too late."""
        held = {"_id": {"$in": list(ids)}, "due_at": {"$gt": now}}
        await self._docs.update_many(held, {"$set": {"due_at": until}, "$inc": {"version": 1}})


class Escalations(Store[Escalation]):
    kind = Escalation
    indexes = (Index(("ticket",)), Index(("created_at",)))
    kept_for = timedelta(days=365)

    async def remove_expired(self) -> int:
        """Those that ended, and were begun so long ago."""
        old = {"created_at": {"$lt": self._now() - self.kept_for}, "due_at": None, "_unsent": None}
        gone = [row["id"] for row in await self.rows(old, ())]
        await self.remove(gone)
        return len(gone) + await super().remove_expired()

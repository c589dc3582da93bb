from collections.abc import Callable, Sequence
from datetime import datetime

from services.notify.deliveries.domain import Delivery, Installation
from shared.domain import Origin
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import EarliestFirst, Index, NewestFirst, Store


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

    async def renew(self, ids: Sequence[str], now: datetime, until: datetime) -> None:
        """Leases that are not over yet. The version too, so that who claims one at this very moment is too late."""
        held = {"_id": {"$in": list(ids)}, "due_at": {"$gt": now}}
        await self._docs.update_many(held, {"$set": {"due_at": until}, "$inc": {"version": 1}})

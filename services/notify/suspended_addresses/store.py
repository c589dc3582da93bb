from services.notify.suspended_addresses.domain import SuspendedAddress
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import Index, NewestFirst, Store

MOST_KNOWN = 50_000


class SuspendedAddresses(Store[SuspendedAddress]):
    kind = SuspendedAddress
    collection = "suspended_address"
    has_outbox = False
    indexes = (Index(("is_active", "suspended_at")), Index(("suspended_at",)), Index(("ticket",)))

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("suspended_at", now)

    async def active(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(row["id"] for row in await self.rows({"is_active": True}, (), limit=MOST_KNOWN))

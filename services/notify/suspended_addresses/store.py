from collections.abc import Mapping
from datetime import datetime, timedelta

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
    kept_for = timedelta(days=365)

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("suspended_at", now)

    async def spans(self) -> Mapping[str, tuple[datetime, datetime | None]]:
        """By id: since when, and until when if it was released since."""
        found = await self.rows({}, ["suspended_at", "released_at", "is_active"], limit=MOST_KNOWN)
        return {one["id"]: (one["suspended_at"], None if one["is_active"] else one["released_at"]) for one in found}

    async def remove_expired(self) -> int:
        """After so long the next mail finds out whether there is such an address again."""
        gone = [row["id"] for row in await self.rows({"suspended_at": {"$lt": self._now() - self.kept_for}}, ())]
        await self.remove(gone)
        return len(gone) + await super().remove_expired()

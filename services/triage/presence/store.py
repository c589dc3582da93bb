"""Where it is kept who is on a ticket, so that every replica sees it; what is over is removed once an hour."""

from datetime import timedelta

from services.triage.presence.domain import Presence
from shared.store import Index, Store

FORGOTTEN_AFTER = timedelta(hours=1)  # no request lasts as long


class Presences(Store[Presence]):
    kind = Presence
    has_outbox = False
    indexes = (Index(("until",)),)

    async def remove_expired(self) -> int:
        gone = [row["id"] for row in await self.rows({"until": {"$lt": self._now() - FORGOTTEN_AFTER}}, ())]
        await self.remove(gone)
        return len(gone) + await super().remove_expired()

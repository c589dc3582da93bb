from services.notify.stream.domain import StreamTicket
from shared.store import Index, Store


class StreamTickets(Store[StreamTicket]):
    kind = StreamTicket
    collection = "stream_ticket"
    has_outbox = False
    indexes = (Index(("sub", "expires_at")), Index(("expires_at",)))

    async def unused(self, sub: str) -> int:
        """How many somebody could still open a stream with."""
        return await self.count({"sub": sub, "expires_at": {"$gt": self._now()}, "redeemed_at": None})

    async def remove_expired(self) -> int:
        gone = [row["id"] for row in await self.rows({"expires_at": {"$lte": self._now()}}, ())]
        await self.remove(gone)
        return len(gone) + await super().remove_expired()

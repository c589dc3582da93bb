"""Keeping things: their lists, their number, and what is left of those that were removed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import uuid4

from services.intake.keeping.domain import TEAM, Kept, LimitReached, own
from shared.domain import NotFound, Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import EarliestFirst, Index, Store
from shared.store.handled import REMEMBERED_FOR

K = TypeVar("K", bound=Kept)


class KeptStore(Store[K]):
    """Subclass for each kind."""

    has_outbox = False
    indexes = (Index(("audience", "created_at")), Index(("gone_at",)))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.earliest_first = EarliestFirst("created_at", now)

    async def remove_expired(self) -> int:
        """Also what was removed so long ago that no request is repeated any more."""
        gone = await self._docs.delete_many({"gone_at": {"$lt": self._now() - REMEMBERED_FOR}})
        return int(gone.deleted_count) + await super().remove_expired()


@dataclass(frozen=True)
class Keeping(Generic[K]):
    """`prefix` begins their ids; a person has up to `most_own` of them, the team up to `most_shared`. Two who add the
    last one at the same moment may both do so."""

    store: KeptStore[K]
    prefix: str
    most_own: int
    most_shared: int

    async def list(self, sub: str, after: str | None, limit: int) -> tuple[list[K], str | None]:
        """Their own and the team's, in the order in which they came."""
        query = {"audience": [TEAM, own(sub)]}
        return await self.store.page(query, self.store.earliest_first, after, limit)

    async def get(self, id: str, sub: str) -> K:
        """Raises NotFound."""
        found = await self.store.get(id)
        found.require_reader(sub)
        return found

    async def add(self, new: K, by: Origin) -> K:
        """The same request with the same key adds it once. Raises LimitReached; NotFound where it was removed since."""
        new.id = f"{self.prefix}-{hashlib.sha256((by.key or uuid4().hex).encode()).hexdigest()[:16]}"
        if not by.key or await self.store.find(new.id) is None:
            await self.require_room(new.audience)
        added = await self.store.add(new, [], by)
        if added.gone_at:
            raise NotFound.of(new.id)
        return added

    async def change(
        self, id: str, decide: Callable[[K], None], by: Origin, allow: Callable[[K], None], room_in: str = ""
    ) -> K:
        """Room is asked for where it comes to another audience. Raises what these raise, LimitReached, NotFound,
        Stale."""
        if room_in:
            before = await self.store.get(id)
            allow(before)
            if before.audience != room_in:
                await self.require_room(room_in)

        def changed(kept: K) -> list[Event]:
            decide(kept)
            return []

        return await self.store.change(id, changed, by, allow)

    async def remove(self, id: str, by: Origin, allow: Callable[[K], None], now: datetime) -> None:
        """A second time with the same key it changes nothing. Raises NotFound, Stale, Forbidden."""

        def may(kept: K) -> None:
            if not (kept.gone_at and by.key):  # whether it was this request that removed it, its key says
                allow(kept)

        def remove(kept: K) -> list[Event]:
            allow(kept)
            return kept.remove(now)

        await self.store.change(id, remove, by, may)

    async def require_room(self, audience: str) -> None:
        """Raises LimitReached."""
        most = self.most_shared if audience == TEAM else self.most_own
        if await self.store.count({"audience": audience}) >= most:
            raise LimitReached(f"There can be at most {most} of these", f"最多可以保存 {most} 个")

"""The base of stores whose documents are searched: every replica keeps their entries in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from services.kb.search.domain import Entry, Placed
from services.kb.search.sequence import Order
from shared.domain import Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Allow, Decide, Store

P = TypeVar("P", bound=Placed)
OF_CHANGES = "change"


class _NeedsPlace(Exception):
    pass


class Watched(Store[P]):
    """What every replica keeps in memory, and reads again when it has changed. A change of what can be found gets the
    next number of `order` as its place, taken before it is written."""

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.order = Order(database)

    def entry(self, one: P) -> Entry | None:
        """What can be found of it."""
        raise NotImplementedError

    async def add(self, new: P, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> P:
        if self.entry(new):
            new._place = await self.order.next(OF_CHANGES)
        return await super().add(new, events, by, keys)

    async def change(self, id: str, decide: Decide[P], by: Event | Origin, allow: Allow[P] | None = None) -> P:
        place = 0

        def placed(one: P) -> list[Event]:
            before = self.entry(one)
            events = decide(one)
            if self.entry(one) != before:
                if not place:
                    raise _NeedsPlace
                one._place = place
            return events

        try:
            return await super().change(id, placed, by, allow)
        except _NeedsPlace:
            place = await self.order.next(OF_CHANGES)
            return await super().change(id, placed, by, allow)

    async def between(self, after: int, until: int, but: dict[str, int] | None = None) -> list[P]:
        """Whose last change has a place behind `after`, up to `until`; without those whose version is known."""
        return await self._those({"_place": {"$gt": after, "$lte": until}}, but)

    async def without_place(self, but: dict[str, int]) -> list[P]:
        """What a process of an older release has written."""
        return await self._those({"_place": None}, but)

    async def _those(self, query: dict[str, Any], but: dict[str, int] | None) -> list[P]:
        if but is None:
            return await self.where(query)
        rows = await self.rows(query, ["version"])
        ids = [row["id"] for row in rows if but.get(row["id"]) != row["version"]]
        return await self.where({"_id": {"$in": ids}}) if ids else []

    def _load(self, doc: Any) -> P:
        one = super()._load(doc)
        one._place = doc.get("_place") or 0
        return one

    def _dump(self, aggregate: P) -> dict[str, Any]:
        return {**super()._dump(aggregate), "_place": aggregate._place}

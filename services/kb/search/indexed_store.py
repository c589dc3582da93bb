"""The base of the stores of what is searched: every replica keeps an index of it in memory and follows its changes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from services.kb.search.domain import Searchable
from services.kb.search.sequence import Sequences
from shared.domain import Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Allow, Decide, Store

S = TypeVar("S", bound=Searchable)
CHANGES = "change"


class _NeedsPosition(Exception):
    pass


class IndexedStore(Store[S]):
    """A change of an entry takes the next position in the sequence of changes before it is written. Documents keep it
    as `_place`."""

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.sequences = Sequences(database)

    async def add(self, new: S, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> S:
        if new.entry():
            new._position = await self.sequences.next(CHANGES)
        return await super().add(new, events, by, keys)

    async def change(self, id: str, decide: Decide[S], by: Event | Origin, allow: Allow[S] | None = None) -> S:
        position = 0

        def positioned(one: S) -> list[Event]:
            before = one.entry()
            events = decide(one)
            if one.entry() != before:
                if not position:
                    raise _NeedsPosition
                one._position = position
            return events

        try:
            return await super().change(id, positioned, by, allow)
        except _NeedsPosition:
            position = await self.sequences.next(CHANGES)
            return await super().change(id, positioned, by, allow)

    # ---- for who follows the changes

    async def last_position(self) -> int:
        return await self.sequences.last(CHANGES)

    async def changed_between(self, after: int, until: int, known: Mapping[str, int] | None = None) -> list[S]:
        """Those whose last change has a position behind `after`, up to `until`; without those whose version is
        `known`."""
        return await self._unknown({"_place": {"$gt": after, "$lte": until}}, known)

    async def without_position(self, known: Mapping[str, int]) -> list[S]:
        """Those that a process of an older release has written; without those whose version is `known`."""
        return await self._unknown({"_place": None}, known)

    async def backfill(self) -> None:
        """Add what documents of older releases lack."""

    async def _unknown(self, query: dict[str, Any], known: Mapping[str, int] | None) -> list[S]:
        if known is None:
            return await self.where(query)
        rows = await self.rows(query, ["version"])
        ids = [row["id"] for row in rows if known.get(row["id"]) != row["version"]]
        return await self.where({"_id": {"$in": ids}}) if ids else []

    def _load(self, doc: Any) -> S:
        one = super()._load(doc)
        one._position = doc.get("_place") or 0
        return one

    def _dump(self, aggregate: S) -> dict[str, Any]:
        return {**super()._dump(aggregate), "_place": aggregate._position}

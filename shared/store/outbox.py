"""The outbox in each document: the events of its changes that the bus does not have yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.outbox import Outgoing
from shared.store.packing import sortable
from shared.store.reading import A, Reader
from shared.telemetry import untraced


class WithOutbox(Reader[A]):
    """One that publishes no events (`has_outbox` is False) has no outbox, and no index over it."""

    has_outbox: bool = True
    silent: bool = False  # while it is built again from the stream

    async def left_over(self, before: datetime, after: str, limit: int) -> list[tuple[str, str, list[Outgoing]]]:
        """(id, write, events) of what was written before that moment, behind the write `after`, and is still in an
        outbox; oldest first."""
        with untraced():
            between = {"$gt": after, "$lt": f"{sortable(before)}0"}  # "/" sorts before "0": that very moment is in
            fields = {"_unsent": 1, "_outbox": 1}
            found = self._docs.find({"_unsent": between}, fields).sort("_unsent", 1).limit(limit)
            return [(doc["_id"], doc["_unsent"], [Outgoing.load(o) for o in doc["_outbox"]]) async for doc in found]

    async def unsent(self) -> int:
        """How many documents may have events in their outbox that the bus does not have."""
        return await self.count({"_unsent": {"$exists": True}})

    async def clear_sent(self, writes: Sequence[str]) -> None:
        """Empty the outboxes that these writes filled; a document written since is left to its next clearing."""
        empty = {"$set": {"_outbox": []}, "$unset": {"_unsent": ""}}
        with untraced():
            await self._docs.update_many({"_unsent": {"$in": list(writes)}}, empty)

    def _set_outbox(self, doc: dict[str, Any], outgoing: list[Outgoing], now: datetime) -> None:
        if not self.has_outbox:
            if outgoing:
                raise RuntimeError(f"a {self.name} has no outbox for {outgoing[0].kind}")
            return
        if self.silent:
            outgoing.clear()
        doc["_outbox"] = [one.dump() for one in outgoing]
        if outgoing:
            # The moment sorts for the sweep, the event makes it this very write and no later one.
            doc["_unsent"] = f"{sortable(now)}/{outgoing[-1].id}/{doc['version']}"

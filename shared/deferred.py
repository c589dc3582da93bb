"""Events of the bus that wait in a service's own database (`shared.bus.deferred` says what for)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from shared.bus.deferred import DeferredEvent, StoredLane
from shared.mongo import Database, DuplicateKey, ensure_index
from shared.telemetry import untraced

COLLECTION = "deferred"
LANE, EVENT, MARK = "lane ", "event ", "mark "  # what an id begins with


class DeferredEvents:
    """One document an event, one a lane, in one collection. A lane's document is written after its events, so that
    none is without one, and removed only when none was added meanwhile."""

    def __init__(self, database: Database) -> None:
        self._docs = database[COLLECTION]
        self._inserts = database.inserts(COLLECTION)

    async def ensure_indexes(self) -> None:
        await ensure_index(self._docs, [("lane", 1)], sparse=True)  # of events
        await ensure_index(self._docs, [("due_at", 1)], sparse=True)  # of lanes

    async def put(self, lane: str, events: Sequence[DeferredEvent], due_at: float, held: bool) -> None:
        for event in events:
            try:
                await self._inserts.insert({"_id": _id(event), **asdict(event)})
            except DuplicateKey:
                continue
        change: dict[str, Any] = {"$inc": {"count": 1}, "$min": {"due_at": due_at}}
        fresh = {"key": lane, "lease": 0.0, "at": "", "begun": 0}
        if held:
            change |= {"$set": {"held": True}, "$setOnInsert": fresh}
        else:
            change |= {"$setOnInsert": {**fresh, "held": False}}
        await self._docs.update_one({"_id": LANE + lane}, change, upsert=True)

    async def lanes(self, limit: int) -> list[StoredLane]:
        return await self._lanes({"$gte": 0}, limit)

    async def due(self, until: float, limit: int) -> list[StoredLane]:
        return await self._lanes({"$lte": until}, limit)

    async def _lanes(self, due_at: Mapping[str, float], limit: int) -> list[StoredLane]:
        with untraced():
            found = [_lane(doc) async for doc in self._docs.find({"due_at": due_at}).limit(limit)]
        return sorted(found, key=lambda lane: lane.due_at)

    async def claim(self, lane: StoredLane, until: float, at: str = "") -> bool:
        begun = lane.begun + 1 if at == lane.at else 1
        change: dict[str, Any] = {"lease": until, **({"at": at, "begun": begun} if at else {})}
        taken = await self._docs.update_one({"_id": LANE + lane.key, "lease": lane.lease}, {"$set": change})
        if taken.matched_count:
            lane.lease = until
        return bool(taken.matched_count)

    async def release(self, lane: StoredLane, due_at: float | None, held: bool) -> bool:
        ours = {"_id": LANE + lane.key, "lease": lane.lease}
        unchanged = {**ours, "count": lane.count}
        if due_at is None:
            done = (await self._docs.delete_one(unchanged)).deleted_count
        else:
            back = {"due_at": due_at, "held": held, "lease": 0.0, "at": "", "begun": 0}
            done = (await self._docs.update_one(unchanged, {"$set": back})).matched_count
        if done:
            return True
        now = await self._docs.find_one(ours)
        lane.count = now["count"] if now else 0
        return now is None  # then it is somebody else's by now

    async def wake(self, lanes: Sequence[str]) -> None:
        for lane in lanes:
            await self._docs.update_one({"_id": LANE + lane}, {"$set": {"due_at": 0.0}})

    async def events(self, lane: str, limit: int) -> list[DeferredEvent]:
        found = self._docs.find({"lane": lane}).sort("sequence", 1).limit(limit)
        return [_event(doc) async for doc in found]

    async def ids(self) -> frozenset[str]:
        """Of all events that wait here."""
        return frozenset([doc["id"] async for doc in self._docs.find({"lane": {"$exists": True}}, {"id": 1})])

    async def change(self, event: DeferredEvent) -> None:
        changed = {"next_at": event.next_at, "tries": event.tries, "early": event.early, "error": event.error}
        await self._docs.update_one({"_id": _id(event)}, {"$set": changed})

    async def remove(self, event: DeferredEvent) -> None:
        await self._docs.delete_one({"_id": _id(event)})

    async def begun(self, id: str) -> int:
        doc = await self._docs.find_one({"_id": MARK + id})
        return int(doc["begun"]) if doc else 0

    async def begin(self, id: str) -> None:
        await self._docs.update_one({"_id": MARK + id}, {"$inc": {"begun": 1}}, upsert=True)

    async def end(self, id: str) -> None:
        await self._docs.delete_one({"_id": MARK + id})


def _id(event: DeferredEvent) -> str:
    return f"{EVENT}{event.sequence} {event.id}"


def _event(doc: Mapping[str, Any]) -> DeferredEvent:
    known = {name: doc[name] for name in DeferredEvent.__dataclass_fields__ if name in doc}
    return DeferredEvent(**{**known, "body": bytes(doc["body"])})


def _lane(doc: Mapping[str, Any]) -> StoredLane:
    return StoredLane(doc["key"], doc["due_at"], doc["lease"], doc["count"], doc["held"], doc["at"], doc["begun"])

"""What a service published in the last day, in its own database (`shared.bus.resender` says what for)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from shared.mongo import Database, ensure_index, insert_new, update_each
from shared.outbox import Outgoing, Sent
from shared.telemetry import untraced

COLLECTION = "sent"
# A bus is backed up every night, and a service is seldom down for longer. What all have handled is not needed
# again, so more would only be more to keep and, after a loss, to receive twice.
KEPT_FOR = timedelta(days=1)
PAGE = 1000  # sequences in memory
STREAM = "stream"  # the one document that is no event


class SentEvents:
    """How long a bus may be away is real time, so theirs is no clock that tests set."""

    def __init__(self, database: Database) -> None:
        self._docs = database[COLLECTION]

    async def ensure_indexes(self) -> None:
        await ensure_index(self._docs, [("at", 1)])
        await ensure_index(self._docs, [("sequence", 1)], sparse=True)

    async def remove_expired(self) -> int:
        removed = await self._docs.delete_many({"at": {"$lt": datetime.now(UTC) - KEPT_FOR}})
        return int(removed.deleted_count)

    async def add(self, sent: Sequence[Sent]) -> None:
        at = datetime.now(UTC)
        docs = [{"_id": one.id, "at": at, "sequence": sequence, "out": one.dump()} for one, sequence in sent]
        with untraced():
            await insert_new(self._docs, docs)

    async def move(self, sequences: Mapping[str, int]) -> None:
        at = datetime.now(UTC)
        moved = [({"_id": id}, {"$set": {"sequence": sequence, "at": at}}) for id, sequence in sequences.items()]
        if moved:
            await update_each(self._docs, moved)

    async def sequences(self) -> AsyncIterator[tuple[str, int]]:
        found = self._docs.find({"sequence": {"$gt": 0}}, {"sequence": 1}).sort("sequence", 1).batch_size(PAGE)
        async for doc in found:
            yield doc["_id"], doc["sequence"]

    async def load(self, ids: Sequence[str]) -> list[Outgoing]:
        found = [doc async for doc in self._docs.find({"_id": {"$in": list(ids)}})]
        return [Outgoing.load(doc["out"]) for doc in sorted(found, key=itemgetter("sequence"))]

    async def newest(self) -> tuple[str, int]:
        found = self._docs.find({"sequence": {"$gt": 0}}, {"sequence": 1}).sort("sequence", -1).limit(1)
        async for doc in found:
            return doc["_id"], doc["sequence"]
        return "", 0

    async def stream_created(self) -> str:
        found = await self._docs.find_one({"_id": STREAM})
        return str(found["made"]) if found else ""

    async def set_stream_created(self, created: str) -> None:
        await self._docs.update_one({"_id": STREAM}, {"$set": {"made": created}}, upsert=True)

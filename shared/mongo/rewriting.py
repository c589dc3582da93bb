"""Going through all that a database has: for what must reach every document, also those that no code knows any more."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.mongo.database import Database

Doc = dict[str, Any]
Change = Callable[[Doc], Doc | None]  # None: the document is to be removed
ATTEMPTS = 20
CHANGED = "_changed"  # the moment of the last change, where a store keeps it
OUTBOX = ("_outbox", "_unsent")  # what is emptied without another version


class Rewriting:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def collections(self) -> list[str]:
        return sorted(await self._database.handle.list_collection_names())

    async def documents(self, collection: str, fields: Sequence[str] = ()) -> AsyncIterator[Doc]:
        cursor = self._database[collection].find({}, dict.fromkeys(fields, 1) or None)
        async for doc in cursor:
            yield doc

    async def rewrite(self, collection: str, change: Change, now: datetime) -> int:
        """How many were changed or removed. Done again it changes nothing more."""
        return sum([await self._one(collection, doc, change, now) async for doc in self.documents(collection)])

    async def _one(self, collection: str, doc: Doc, change: Change, now: datetime) -> int:
        docs = self._database[collection]
        for _ in range(ATTEMPTS):
            after = change(doc)
            if after is None:
                return int((await docs.delete_one({"_id": doc["_id"]})).deleted_count)
            update = {name: value for name, value in after.items() if name not in OUTBOX and doc.get(name) != value}
            if not update:
                return 0
            seen: Mapping[str, Any] = {"_id": doc["_id"]}
            if "version" in doc:
                seen = {**seen, "version": doc["version"]}
                update["version"] = doc["version"] + 1
            if CHANGED in doc:
                update[CHANGED] = now
            if (await docs.update_one(seen, {"$set": update})).matched_count:
                return 1
            found = await docs.find_one({"_id": doc["_id"]})
            if found is None:
                return 0
            doc = found
        raise RuntimeError(f"a document of {collection} is changing too fast")

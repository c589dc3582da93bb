"""Numbers that no other process is given."""

import asyncio

from pymongo.errors import DuplicateKeyError

from shared.mongo.database import Database


class Counter:
    """Unique numbers, taken in blocks so that a number costs no round trip; a crash leaves a gap, never a double. What
    this process knows to be taken it never gives, whatever becomes of the database."""

    def __init__(self, database: Database, block: int = 50) -> None:
        self._docs = database["counter"]
        self._block = block
        self._lock = asyncio.Lock()
        self._left: dict[str, tuple[int, int]] = {}
        self._taken: dict[str, int] = {}

    async def next(self, name: str) -> int:
        async with self._lock:
            value, end = self._left.get(name, (0, 0))
            if value == end:
                value, end = await self._take(name)
            self._left[name] = (value + 1, end)
            return value + 1

    async def exists(self, name: str) -> bool:
        return await self._docs.find_one({"_id": name}) is not None

    def knows(self, name: str, value: int) -> bool:
        """Whether this number, and all before it, are known to be taken."""
        return value <= self._taken.get(name, 0)

    async def raise_above(self, name: str, value: int, margin: int, anew: bool = False) -> None:
        """No number up to this one is taken from now on. A counter that is behind it goes `margin` farther, and what is
        left of our block is not given any more; `anew`: in any case."""
        async with self._lock:
            doc = await self._docs.find_one({"_id": name})
            taken = doc["value"] if doc else 0
            behind = taken < value
            if behind:
                taken = value + margin
                await self._write_at_least(name, taken)
            if behind or anew:
                self._left.pop(name, None)
            self._taken[name] = max(taken, self._taken.get(name, 0))

    async def _write_at_least(self, name: str, value: int) -> None:
        try:
            await self._docs.update_one({"_id": name}, {"$max": {"value": value}}, upsert=True)
        except DuplicateKeyError:  # another process has just made it
            await self._docs.update_one({"_id": name}, {"$max": {"value": value}})

    async def _take(self, name: str) -> tuple[int, int]:
        while True:
            doc = await self._docs.find_one({"_id": name})
            start = max(doc["value"] if doc else 0, self._taken.get(name, 0))
            end = start + self._block
            if doc:
                query = {"_id": name, "value": doc["value"]}
                if not (await self._docs.update_one(query, {"$set": {"value": end}})).matched_count:
                    continue
            else:
                try:
                    await self._docs.insert_one({"_id": name, "value": end})
                except DuplicateKeyError:
                    continue
            self._taken[name] = end
            return start, end

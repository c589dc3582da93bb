"""How often everything was to be indexed again: all replicas look at this number now and then."""

from shared.mongo import Database


class Generations:
    def __init__(self, database: Database, name: str) -> None:
        self._docs = database["counter"]
        self._id = f"search/{name}"

    async def current(self) -> str:
        doc = await self._docs.find_one({"_id": self._id})
        return str(doc["value"]) if doc else "0"

    async def next(self) -> None:
        """Every replica builds its index again within half a minute, and when it starts."""
        await self._docs.update_one({"_id": self._id}, {"$inc": {"value": 1}}, upsert=True)

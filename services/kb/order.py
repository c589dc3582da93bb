"""Numbers in the order in which they are taken, one by one, whichever replica takes them.

Clocks of several machines cannot say what was changed first. These numbers can, but for one thing: a change is seen a
little after its number was taken, so whoever reads up to a number has to look at the last ones again.
"""

from shared.mongo import Database


class Order:
    def __init__(self, database: Database) -> None:
        self._docs = database["counter"]

    async def next(self, name: str) -> int:
        while True:
            taken = await self._docs.find_one_and_update(
                {"_id": name}, {"$inc": {"value": 1}}, upsert=True, return_document=True
            )
            if taken:  # two who begin at the same moment: one of them may be told nothing
                return int(taken["value"])

    async def newest(self, name: str) -> int:
        """The number that was taken last, 0 when none was."""
        doc = await self._docs.find_one({"_id": name})
        return int(doc["value"]) if doc else 0

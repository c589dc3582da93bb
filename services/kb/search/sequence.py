"""Numbers in the order in which they are taken, one by one, whichever replica takes them.

Clocks of several machines cannot say what was changed first. These numbers can, but for one thing: a change is seen a
little after its number was taken, so whoever reads up to a number has to look at the last ones again.
"""

from contextlib import suppress

from shared.mongo import Database, Taken

COUNTERS = "counter"


class Order:
    def __init__(self, database: Database) -> None:
        self._docs = database[COUNTERS]
        self._inserts = database.batch(COUNTERS)

    async def next(self, name: str) -> int:
        while True:
            one_more = {"$inc": {"value": 1}}
            if taken := await self._docs.find_one_and_update({"_id": name}, one_more, return_document=True):
                return int(taken["value"])
            with suppress(Taken):
                await self._inserts.insert({"_id": name, "value": 0})

    async def go_on_behind(self, name: str, number: int) -> None:
        """Never take this one, nor those before it."""
        if await self.newest(name) < number:
            with suppress(Taken):
                await self._inserts.insert({"_id": name, "value": number})
            await self._docs.update_one({"_id": name, "value": {"$lt": number}}, {"$set": {"value": number}})

    async def newest(self, name: str) -> int:
        """The number that was taken last, 0 when none was."""
        doc = await self._docs.find_one({"_id": name})
        return int(doc["value"]) if doc else 0

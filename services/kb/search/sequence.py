"""Numbers that are taken one by one, in their order, by whichever replica.

Clocks of several machines cannot say what was changed first. These numbers can, with one exception: a change is visible
a little after its number was taken, so whoever reads up to a number has to read the last ones again.
"""

from contextlib import suppress

from shared.mongo import Database, DuplicateKey

COUNTERS = "counter"


class Sequences:
    def __init__(self, database: Database) -> None:
        self._docs = database[COUNTERS]
        self._inserts = database.inserts(COUNTERS)

    async def next(self, name: str) -> int:
        while True:
            one_more = {"$inc": {"value": 1}}
            if taken := await self._docs.find_one_and_update({"_id": name}, one_more, return_document=True):
                return int(taken["value"])
            with suppress(DuplicateKey):
                await self._inserts.insert({"_id": name, "value": 0})

    async def last(self, name: str) -> int:
        """The number that was taken last, 0 when none was."""
        doc = await self._docs.find_one({"_id": name})
        return int(doc["value"]) if doc else 0

    async def raise_to(self, name: str, number: int) -> None:
        """Never take this number, nor those before it."""
        if await self.last(name) < number:
            with suppress(DuplicateKey):
                await self._inserts.insert({"_id": name, "value": number})
            await self._docs.update_one({"_id": name, "value": {"$lt": number}}, {"$set": {"value": number}})

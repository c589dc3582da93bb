from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from services.kb.case import Case
from services.kb.domain import Article, State
from shared.domain import Aggregate
from shared.store import Index, Store

A = TypeVar("A", bound=Aggregate)

# A page looks at so many numbers, then at four times as many, until it is full: a server that sorts all that matches
# has little to sort, and one that walks the index loses nothing.
FIRST_LOOK = 200
HIGHEST_NUMBER = 10_000_000


class Watched(Store[A]):
    """What every replica keeps in memory, and looks at again when it has changed."""

    async def changed_since(self, moment: datetime, known: Mapping[str, int]) -> list[A]:
        """What changed since then, but for those whose version is known."""
        rows = await self.rows({"changed_at": {"$gte": moment}}, ["version"])
        ids = [row["id"] for row in rows if known.get(row["id"]) != row["version"]]
        return await self.where({"_id": {"$in": ids}}) if ids else []


class Articles(Watched[Article]):
    kind = Article
    unique = ("_keys",)
    indexes = (
        Index(("number",)),
        Index(("state", "number")),
        Index(("live_revision",)),
        Index(("changed_at",)),
    )

    @staticmethod
    def key_of(ticket: str) -> str:
        """A ticket teaches one article, however often it is completed."""
        return f"ticket:{ticket}"

    async def learnt_from(self, ticket: str) -> Article | None:
        found = await self.where({"_keys": self.key_of(ticket)}, limit=1)
        return found[0] if found else None

    async def live(self) -> AsyncIterator[Article]:
        """Every article that people can find."""
        async for doc in self._docs.find({"live_revision": {"$gt": 0}}):
            yield self._load(doc)

    async def page(self, state: State | None, after: int, limit: int) -> list[Article]:
        """By number, the oldest first."""
        found: list[Article] = []
        reach = FIRST_LOOK
        while after < HIGHEST_NUMBER and len(found) < limit:
            query: dict[str, Any] = {"number": {"$gt": after, "$lte": after + reach}}
            if state:
                query["state"] = state
            found += await self.where(query, "number", limit - len(found))
            after, reach = after + reach, reach * 4
        return found


class Cases(Watched[Case]):
    kind = Case
    indexes = (Index(("changed_at",)),)

from collections.abc import Sequence
from typing import Any

from services.kb.articles import entry
from services.kb.articles.domain import Article, State
from services.kb.search.domain import Entry
from services.kb.search.indexed_store import Watched
from shared.domain import Origin
from shared.events import Event
from shared.store import Index

# A page looks at so many numbers, then at four times as many, until it is full: a server that sorts all that matches
# has little to sort, and one that walks the index loses nothing.
FIRST_LOOK = 200
HIGHEST_ROW = 10_000_000
OF_ARTICLES = "article"


class Articles(Watched[Article]):
    kind = Article
    unique = ("_keys",)
    indexes = (Index(("_place",)), Index(("_row",)), Index(("state", "_row")))

    def entry(self, one: Article) -> Entry | None:
        return entry.of_article(one)

    async def add(self, new: Article, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> Article:
        new._row = new.number or await self.order.next(OF_ARTICLES)
        return await super().add(new, events, by, keys)

    async def next_number(self) -> int:
        return await self.order.next(OF_ARTICLES)

    async def was_given(self, number: int) -> None:
        """Another database may have given it, of which this one is an older copy, or the successor."""
        await self.order.go_on_behind(OF_ARTICLES, number)

    @staticmethod
    def key_of(ticket: str) -> str:
        """A ticket teaches one article, however often it is completed. Those of the first release have a number for
        their id, and only this to be known by."""
        return f"ticket:{ticket}"

    async def learnt_from(self, ticket: str) -> Article | None:
        found = await self.where({"_keys": self.key_of(ticket)}, limit=1)
        return found[0] if found else None

    async def page(self, state: State | None, after: int, limit: int) -> list[Article]:
        """In the order in which they came to be."""
        found: list[Article] = []
        reach = FIRST_LOOK
        while after < HIGHEST_ROW and len(found) < limit:
            query: dict[str, Any] = {"_row": {"$gt": after, "$lte": after + reach}}
            if state:
                query["state"] = state
            found += await self.where(query, "_row", limit - len(found))
            after, reach = after + reach, reach * 4
        return found

    async def row_of(self, id: str) -> int | None:
        found = await self.rows({"_id": id}, ["_row"], limit=1)
        return int(found[0]["_row"]) if found else None

    async def take_in(self) -> None:
        """Those of the first release into the list."""
        for row in await self.rows({"_row": None}, ["number"]):
            await self._docs.update_one({"_id": row["id"], "_row": None}, {"$set": {"_row": row["number"]}})

    def _load(self, doc: Any) -> Article:
        one = super()._load(doc)
        one._row = doc.get("_row") or one.number
        return one

    def _dump(self, aggregate: Article) -> dict[str, Any]:
        return {**super()._dump(aggregate), "_row": aggregate._row}

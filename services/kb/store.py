from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from services.kb import entries
from services.kb.case import Case
from services.kb.domain import Article, Placed, State
from services.kb.entries import Entry
from services.kb.order import Order
from shared.domain import NotFound, Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Allow, Decide, Index, Store

P = TypeVar("P", bound=Placed)

# A page looks at so many numbers, then at four times as many, until it is full: a server that sorts all that matches
# has little to sort, and one that walks the index loses nothing.
FIRST_LOOK = 200
HIGHEST_ROW = 10_000_000
OF_CHANGES, OF_ARTICLES = "change", "article"


class _NeedsPlace(Exception):
    pass


class Watched(Store[P]):
    """What every replica keeps in memory, and reads again when it has changed. A change of what can be found gets the
    next number of `order` as its place, taken before it is written."""

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.order = Order(database)

    def entry(self, one: P) -> Entry | None:
        """What can be found of it."""
        raise NotImplementedError

    async def add(self, new: P, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> P:
        if self.entry(new):
            new._place = await self.order.next(OF_CHANGES)
        return await super().add(new, events, by, keys)

    async def change(self, id: str, decide: Decide[P], by: Event | Origin, allow: Allow[P] | None = None) -> P:
        place = 0

        def placed(one: P) -> list[Event]:
            before = self.entry(one)
            events = decide(one)
            if self.entry(one) != before:
                if not place:
                    raise _NeedsPlace
                one._place = place
            return events

        try:
            return await super().change(id, placed, by, allow)
        except _NeedsPlace:
            place = await self.order.next(OF_CHANGES)
            return await super().change(id, placed, by, allow)

    async def between(self, after: int, until: int, but: dict[str, int] | None = None) -> list[P]:
        """Whose last change has a place behind `after`, up to `until`; without those whose version is known."""
        return await self._those({"_place": {"$gt": after, "$lte": until}}, but)

    async def without_place(self, but: dict[str, int]) -> list[P]:
        """What a process of an older release has written."""
        return await self._those({"_place": None}, but)

    async def _those(self, query: dict[str, Any], but: dict[str, int] | None) -> list[P]:
        if but is None:
            return await self.where(query)
        rows = await self.rows(query, ["version"])
        ids = [row["id"] for row in rows if but.get(row["id"]) != row["version"]]
        return await self.where({"_id": {"$in": ids}}) if ids else []

    def _load(self, doc: Any) -> P:
        one = super()._load(doc)
        one._place = doc.get("_place") or 0
        return one

    def _dump(self, aggregate: P) -> dict[str, Any]:
        return {**super()._dump(aggregate), "_place": aggregate._place}


class Articles(Watched[Article]):
    kind = Article
    unique = ("_keys",)
    indexes = (Index(("_place",)), Index(("_row",)), Index(("state", "_row")))

    def entry(self, one: Article) -> Entry | None:
        return entries.of_article(one)

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


class Cases(Watched[Case]):
    kind = Case
    projection = True
    indexes = (Index(("_place",)), Index(("article",)))

    def entry(self, one: Case) -> Entry | None:
        return entries.of_case(one)

    async def hear(self, ticket: str, decide: Decide[Case], by: Event) -> Case:
        """Change the case of this ticket, also when nothing was heard of it before."""
        try:
            return await self.change(ticket, decide, by)
        except NotFound:
            new = Case.of(ticket)
            saved = await self.add(new, decide(new), by)
        return saved if saved is new else await self.change(ticket, decide, by)

    async def naming(self, article: str) -> list[Case]:
        """Those whose solution this article was."""
        return await self.where({"article": article})

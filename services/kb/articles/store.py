from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.kb.articles.domain import Article
from services.kb.articles.merging import Described
from services.kb.search.sequence import Sequences
from shared.domain import Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import ByNumber, Index, Store

MOST_COMPARED = 3_000
ROWS = "article"  # the sequence of positions in lists and of the numbers of written articles


class Articles(Store[Article]):
    kind = Article
    stamped = True
    unique = ("_keys",)
    indexes = (Index(("_row",)), Index(("state", "_row")), Index(("_audience", "_row")))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.sequences = Sequences(database)
        self.oldest_first = ByNumber("_row")

    async def add(self, new: Article, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> Article:
        new._row = new.number or await self.next_number()
        return await super().add(new, events, by, keys)

    async def next_number(self) -> int:
        return await self.sequences.next(ROWS)

    async def reserve_number(self, number: int) -> None:
        """Never give this number: it was given from another copy of this database."""
        await self.sequences.raise_to(ROWS, number)

    @staticmethod
    def key_of(ticket: str) -> str:
        """One article is drafted from a ticket, however often it is completed. Those of the first release have a
        number for their id, and are recognized by this key alone."""
        return f"ticket:{ticket}"

    async def drafted_from(self, ticket: str) -> Article | None:
        found = await self.where({"_keys": self.key_of(ticket)}, limit=1)
        return found[0] if found else None

    async def described(self) -> list[Described]:
        """What the articles are about that may be doubles of another: their latest revisions."""
        fields = [f"revisions.content.{name}" for name in ("title", "product", "fingerprints")]
        rows = await self.rows(
            {"state": {"$in": ["draft", "approved", "published"]}}, ["state", *fields], MOST_COMPARED
        )
        latest = [(row["id"], row["state"], row["revisions"][-1]["content"]) for row in rows]
        return [
            Described(id, state, one["title"], one.get("product", ""), frozenset(one.get("fingerprints", ())))
            for id, state, one in latest
        ]

    async def backfill(self) -> None:
        """Articles of the first release have no row."""
        for row in await self.rows({"_row": None}, ["number"]):
            await self._docs.update_one({"_id": row["id"], "_row": None}, {"$set": {"_row": row["number"]}})

    def _load(self, doc: Any) -> Article:
        one = super()._load(doc)
        one._row = doc.get("_row") or one.number
        return one

    def _dump(self, aggregate: Article) -> dict[str, Any]:
        return {**super()._dump(aggregate), "_row": aggregate._row, "_audience": aggregate.open_to}

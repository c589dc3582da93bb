"""What is asked of a collection of aggregates."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from shared.domain import Aggregate, NotFound, Unreadable
from shared.masking import redacted
from shared.mongo import Database
from shared.store.order import Order
from shared.store.paging import List, Row, Span
from shared.telemetry import untraced

A = TypeVar("A", bound=Aggregate)
CHANGED = "_changed"
AT_ONCE = 1000  # rows that are read before others have their turn


@dataclass(frozen=True)
class Index:
    """An index on these fields, ascending unless a field begins with `-`; `sparse` leaves out documents without them.

    Not partial: the embedded server uses a partial index only for queries that repeat its condition word by word.
    """

    fields: tuple[str, ...]
    unique: bool = False
    sparse: bool = False

    def keys(self) -> list[tuple[str, int]]:
        return [(name.lstrip("-"), -1 if name.startswith("-") else 1) for name in self.fields]


class Reader(Generic[A]):
    kind: type[A]
    collection: str = ""  # where its documents are; named after the kind unless this says otherwise
    indexes: Sequence[Index] = ()

    def __init__(self, database: Database) -> None:
        self.name = self.collection or self.kind.__name__.lower()
        self._docs = database[self.name]
        self._latest = database.newest(self.name)

    async def get(self, id: str) -> A:
        """Raises NotFound, and Unreadable as all that reads whole documents does."""
        return self._load(await self._find(id))

    async def find(self, id: str) -> A | None:
        doc = await self._docs.find_one({"_id": id})
        return self._load(doc) if doc else None

    async def where(self, query: Mapping[str, Any], sort: str | None = None, limit: int = 0, skip: int = 0) -> list[A]:
        """Aggregates that match, `sort`ed by one field (`-` in front: descending)."""
        cursor = self._docs.find(dict(query))
        if sort:
            # All in one direction, so that one index that ends in `_id` gives this order without sorting.
            order = {sort.lstrip("-"): -1 if sort.startswith("-") else 1}
            order.setdefault("_id", *order.values())
            cursor = cursor.sort(list(order.items()))
        if skip:
            cursor = cursor.skip(skip)
        if limit:
            cursor = cursor.limit(limit)
        return [self._load(doc) async for doc in cursor]

    async def rows(self, query: Mapping[str, Any], fields: Sequence[str], limit: int = 0) -> list[Row]:
        """Only these fields of the documents that match, unsorted; `id` is always there."""
        cursor = self._docs.find(dict(query), dict.fromkeys(fields, 1))
        if limit:
            cursor = cursor.limit(limit)
        return [{"id": doc.pop("_id"), **doc} async for doc in cursor]

    async def versions(self, since: datetime | None) -> dict[str, tuple[int, datetime | None]]:
        """Version and moment of the last change of those that were changed then or later, by id; None: of all. What an
        older release wrote last has no moment. For stores that are `stamped`."""
        with untraced():
            query = {CHANGED: {"$gte": since}} if since else {}
            found = self._docs.find(query, {"version": 1, CHANGED: 1}, batch_size=AT_ONCE)
            return {doc["_id"]: (doc["version"], doc.get(CHANGED)) async for doc in found}

    async def page(
        self, query: Mapping[str, Any], order: Order, after: str | None, limit: int
    ) -> tuple[list[A], str | None]:
        """A page of those that have these values (or one of them, where a value is a list), and the cursor of the next
        page; None on the last. Raises Invalid for a cursor that this list did not give."""
        rows, next = await self.page_of_rows(query, order, after, limit, ())
        found = {one.id: one for one in await self.where({"_id": {"$in": [row["id"] for row in rows]}})}
        return [found[row["id"]] for row in rows if row["id"] in found], next

    async def page_of_rows(
        self,
        query: Mapping[str, Any],
        order: Order,
        after: str | None,
        limit: int,
        fields: Sequence[str],
        span: Span = (None, None),
    ) -> tuple[list[Row], str | None]:
        """The same, with only these fields, and `id`; of those in this span."""
        ends = [index.fields for index in self.indexes if len(index.fields) > 1]
        leading = [names for *names, last in ends if last.lstrip("-") == order.field]
        return await List(self._docs, self.name, order, [*map(tuple, leading)], fields).page(query, after, limit, span)

    async def survey(self, order: Order) -> None:
        """Learn how the keys of a list lie, so that its first page is as quick as the others."""
        rows = await self.rows({order.field: {"$gte": order.first}}, (order.field,))
        order.saw_all(sorted(row[order.field] for row in rows), order.first, None)

    async def all(self) -> AsyncIterator[A]:
        async for doc in self._docs.find({}):
            yield self._load(doc)

    async def count(self, query: Mapping[str, Any]) -> int:
        return int(await self._docs.count_documents(dict(query)))

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        cursor = self._docs.aggregate(list(pipeline))
        if asyncio.iscoroutine(cursor):
            cursor = await cursor
        return [doc async for doc in cursor]

    async def explain(self, query: Mapping[str, Any], sort: str | None = None, limit: int = 0) -> dict[str, Any]:
        """How the server would find these: its winning plan."""
        cursor = self._docs.find(dict(query))
        if sort:
            cursor = cursor.sort(sort.lstrip("-"), -1 if sort.startswith("-") else 1)
        if limit:
            cursor = cursor.limit(limit)
        plan = await cursor.explain()
        winning: dict[str, Any] = plan["queryPlanner"]["winningPlan"]
        return winning

    async def due(self, until: datetime) -> list[tuple[datetime, str]]:
        """When and which: aggregates whose `due_at` comes before `until`, the earliest first."""
        with untraced():
            cursor = self._docs.find({"due_at": {"$lte": until}}, {"due_at": 1})
            return sorted([(doc["due_at"], doc["_id"]) async for doc in cursor])

    async def _find(self, id: str, docs: Any = None) -> dict[str, Any]:
        doc = await (self._docs if docs is None else docs).find_one({"_id": id})
        if doc is None:
            raise NotFound.of(id)
        return dict(doc)

    def _load(self, doc: Mapping[str, Any]) -> A:
        try:
            return self.kind.model_validate({**doc, "id": doc["_id"]})
        except ValidationError as error:
            raise Unreadable(f"{self.name} {doc['_id']}: {redacted(error)}") from error

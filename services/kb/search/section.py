"""One half of the search catalog, articles or cases: an index in memory of what its source keeps in the database."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.kb.search.domain import Entry, Searchable
from services.kb.search.index import Index
from shared.terms import Category


class Source(Protocol):
    """A store whose aggregates are searched: see IndexedStore."""

    async def last_position(self) -> int: ...

    async def changed_between(
        self, after: int, until: int, known: Mapping[str, int] | None = None
    ) -> Sequence[Searchable]: ...

    async def without_position(self, known: Mapping[str, int]) -> Sequence[Searchable]: ...

    async def backfill(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Summary:
    """What a result shows of an entry."""

    title: str
    category: Category | None
    article: str

    @classmethod
    def of(cls, entry: Entry) -> "Summary":
        return cls(entry.title, entry.category, entry.article)


class Section:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.index = Index()
        self.summaries: dict[str, Summary] = {}
        self._versions: dict[str, int] = {}

    def put(self, one: Searchable) -> None:
        """Index it as it is now, or drop it when it must not be found. An older version than the known changes
        nothing."""
        if self._versions.get(one.id, 0) >= one.version:
            return
        self._versions[one.id] = one.version
        if entry := one.entry():
            self.index.put(one.id, entry.fields, entry.fingerprints)
            self.summaries[one.id] = Summary.of(entry)
        else:
            self.index.remove(one.id)
            self.summaries.pop(one.id, None)

    async def read(self, after: int, until: int, is_new: bool) -> int:
        """Index what changed at these positions; `is_new`: none of them was read before. Returns how many it read."""
        found = await self.source.changed_between(after, until, None if is_new else self._versions)
        await self._put_all(found)
        return len(found)

    async def read_without_position(self) -> None:
        await self._put_all(await self.source.without_position(self._versions))

    def clear(self) -> None:
        self.index = Index()
        self.summaries, self._versions = {}, {}

    async def _put_all(self, found: Iterable[Searchable]) -> None:
        for one in found:
            self.put(one)
            await asyncio.sleep(0)  # indexing one takes milliseconds, and requests are waiting

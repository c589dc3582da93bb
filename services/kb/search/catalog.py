"""The search catalog: an index of this replica of published articles and archived cases, kept in step with the stores.

What this replica publishes is found at once: whoever searches waits a moment for what was just changed. What other
replicas change is found within a second or so, for they tell of it.
"""

import asyncio
import logging
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.kb.search.domain import MAX_QUESTION, Filters, Kind, Searchable
from services.kb.search.fields import FACETS, FIELDS, FINGERPRINT, entry_of, wanted_of
from services.kb.search.replicas import Replicas
from services.kb.search.settings import SearchSettings
from shared.bus import Notices
from shared.domain import Unavailable
from shared.search import (
    Alike,
    Broken,
    Embedder,
    Entry,
    Folder,
    Follower,
    Generations,
    Index,
    Meanings,
    Question,
    Wanted,
)
from shared.search.embedder import is_installed, model_label
from shared.search.meanings import CANDIDATES
from shared.telemetry import untraced

logger = logging.getLogger(__name__)
T = TypeVar("T")
NAME = "kb"  # of the generations of its index
WAIT_FOR_OWN = 2.0  # seconds
MOST_FACETS = 20  # values of a field
MOST_EXACT = 50


class Searches(Protocol):
    """A store whose aggregates are searched."""

    async def versions(self, since: datetime | None) -> dict[str, tuple[int, datetime | None]]: ...

    async def where(self, query: Mapping[str, Any]) -> Sequence[Searchable]: ...


@dataclass(frozen=True)
class Source:
    """What the index follows. Ids of articles begin with `KB-`, those of cases never do."""

    articles: Searches
    cases: Searches
    generations: Generations

    async def versions(self, since: datetime | None) -> dict[str, tuple[int, datetime | None]]:
        return {**await self.articles.versions(since), **await self.cases.versions(since)}

    async def entries(self, ids: Sequence[str]) -> list[Entry]:
        articles = [id for id in ids if id.startswith("KB-")]
        cases = [id for id in ids if not id.startswith("KB-")]
        found: list[Searchable] = []
        with untraced():
            for store, wanted in ((self.articles, articles), (self.cases, cases)):
                if wanted:
                    found += await store.where({"_id": {"$in": wanted}})
        return await asyncio.to_thread(lambda: [entry_of(one) for one in found])

    async def generation(self) -> str:
        with untraced():
            return await self.generations.current()


class SearchCatalog:
    def __init__(
        self,
        articles: Searches,
        cases: Searches,
        generations: Generations,
        settings: SearchSettings,
        now: Callable[[], datetime],
        name: str,
        notices: Notices,
    ) -> None:
        folder = settings.search_folder / name if settings.search_folder else None
        self.articles, self.cases = articles, cases
        self.index = Index(FIELDS, Folder(folder))
        source = Source(articles, cases, generations)
        is_meant = settings.search_by_meaning and is_installed()
        self.meanings = Meanings(self.index, source, Embedder()) if is_meant else None
        heard = self.meanings.heard if self.meanings else None
        self.follower = Follower(self.index, source, now, settings.search_seconds, heard)
        self.replicas = Replicas(notices, self.follower.nudge)
        self._start_within = settings.search_start_seconds

    async def start(self) -> None:
        """Returns when all is in the index, or after a while, for what there is can be searched."""
        await self.follower.start()
        if self.meanings:
            self.meanings.start(self.follower)
        if not await self.follower.caught_up(self._start_within):
            logger.warning("the search index is not complete yet; what is missing will be found later")

    async def stop(self) -> None:
        if self.meanings:
            await self.meanings.stop()
        await self.replicas.stop()
        await self.follower.stop()

    def changed(self) -> None:
        """Something that is searched was changed here, and is asked for next."""
        self.follower.wake()

    def written(self) -> None:
        """An article or a case was written here: this replica and the others look for it soon."""
        self.follower.nudge()
        self.replicas.publish()

    async def alike(self, text: str, kind: Kind, filters: Filters, limit: int) -> list[Alike]:
        """The best first: by words, and by meaning where that is there in time. Raises Unavailable where there is no
        index yet."""
        wanted, meanings = wanted_of(kind, filters), self.meanings
        if meanings is None:
            return await self._look(lambda: self.index.likest(Question.of(text, MAX_QUESTION), wanted, limit))
        meaning = asyncio.create_task(meanings.of_question(text))
        try:
            most = max(limit, CANDIDATES)
            words = await self._look(lambda: self.index.likest(Question.of(text, MAX_QUESTION), wanted, most))
            if (vector := await meaning) is None:
                return words[:limit]
            return await self._look(lambda: meanings.best(words, vector, wanted, limit))
        finally:
            meaning.cancel()

    async def meaning_of(self, text: str) -> dict[str, str]:
        """As an answer tells it; empty where it is not there in time."""
        vector = await self.meanings.of_text(text) if self.meanings else None
        if vector is None:
            return {}
        halves = vector.vector.astype("<f2").tobytes()
        return {"meaning": b64encode(halves).decode(), "meaning_model": model_label()}

    async def with_fingerprints(self, fingerprints: Sequence[str], kind: Kind, filters: Filters) -> list[str]:
        if not fingerprints:
            return []
        wanted = wanted_of(kind, filters)
        wanted = Wanted(keywords={**wanted.keywords, FINGERPRINT: fingerprints}, numbers=wanted.numbers)
        return await self._look(lambda: self.index.matching(wanted, MOST_EXACT))

    async def facets(self, kind: Kind, filters: Filters) -> dict[str, dict[str, int]]:
        """How many there are of each value, whatever is asked for."""
        wanted = wanted_of(kind, filters)
        return await self._look(lambda: self.index.facets(wanted, FACETS, MOST_FACETS))

    async def _look(self, work: Callable[[], T]) -> T:
        if self.follower.is_complete:
            await self.follower.caught_up(WAIT_FOR_OWN)
        try:
            return await asyncio.to_thread(work)
        except Broken as error:
            if self.index.is_open:
                logger.error("the search index is built again: %s", error)
                self.follower.distrust()
            raise Unavailable(
                "The search is not ready yet; please try again in a minute", "搜索尚未就绪，请一分钟后重试"
            ) from error

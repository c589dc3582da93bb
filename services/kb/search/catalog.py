"""The search catalog: indexes of published articles and archived cases, kept in step with the database.

Every replica has its own. It sees its own changes at once, and those of other replicas when it refreshes: before a
search, and every few seconds at most. A refresh goes on in the background when a search does not wait for its end.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from services.kb.search.domain import FoundCase
from services.kb.search.follower import Follower
from services.kb.search.section import Section, Source
from services.kb.search.settings import SearchSettings
from shared.events import SearchCases, Suggestion
from shared.mongo import TRANSIENT_ERRORS

logger = logging.getLogger(__name__)

LOAD_AGAIN_AFTER = 5.0  # seconds
CASE_FACTOR = 0.8  # what likeness to a case counts for the article that solved it
MORE_CASES = 20  # are looked at than asked for, because several lead to one article


class SearchCatalog:
    def __init__(
        self, articles: Source, cases: Source, settings: SearchSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.articles = Section(articles)
        self.cases = Section(cases)
        self._settings = settings
        self._clock = clock
        self._next_refresh = 0.0
        self._next_rescan = 0.0
        self._waited_for_until = 0.0
        self._refreshing: asyncio.Task[None] | None = None
        self._follower = Follower(
            articles.last_position, self._read, self._clear, clock, settings.page_size, settings.settle_seconds
        )

    # ---- keeping it in step

    async def start(self) -> None:
        """Load everything; a catalog too large to be loaded soon is searched as far as it has come."""
        self._refreshing = asyncio.create_task(self._load())
        self._waited_for_until = self._clock() + self._settings.load_timeout
        await self._wait()

    async def stop(self) -> None:
        if self._refreshing:
            self._refreshing.cancel()
            await asyncio.wait([self._refreshing])

    async def refresh(self) -> None:
        """Read what other replicas have changed since the last refresh, as far as it can be had soon."""
        if self._refreshing is None or self._refreshing.done():
            if self._clock() < self._next_refresh:
                return
            self._next_refresh = self._clock() + self._settings.refresh_seconds
            self._waited_for_until = self._clock() + self._settings.refresh_timeout
            self._refreshing = asyncio.create_task(self._refresh())
        await self._wait()

    async def load(self) -> None:
        """Everything there is. Raises what the database raises."""
        self._next_rescan = self._clock() + self._settings.rescan_seconds
        for section in (self.articles, self.cases):
            await section.source.backfill()
        self._follower.rescan()
        await self._follower.catch_up()
        for section in (self.articles, self.cases):
            await section.read_without_position()

    async def _load(self) -> None:
        while True:
            try:
                return await self.load()
            except TRANSIENT_ERRORS as error:
                logger.warning("loading the search catalog is tried again: %s %s", type(error).__name__, error)
                await asyncio.sleep(LOAD_AGAIN_AFTER)

    async def _refresh(self) -> None:
        try:
            await (self.load() if self._clock() >= self._next_rescan else self._follower.catch_up())
        except TRANSIENT_ERRORS as error:
            logger.warning("searching without the newest changes: %s %s", type(error).__name__, error)
        except Exception:  # whatever cannot be read, what is known can be searched
            logger.exception("searching without the newest changes")

    async def _wait(self) -> None:
        """For the refresh that is under way, if it began just now; raises what ended it."""
        assert self._refreshing
        left = max(self._waited_for_until - self._clock(), 0.0)
        done, _ = await asyncio.wait([self._refreshing], timeout=left)
        for task in done:
            task.result()

    async def _read(self, after: int, until: int, is_new: bool) -> int:
        return sum(await asyncio.gather(*(one.read(after, until, is_new) for one in (self.articles, self.cases))))

    def _clear(self) -> None:
        self.articles.clear()
        self.cases.clear()

    # ---- searching

    def suggest(self, query: SearchCases, min_score: float) -> list[Suggestion]:
        """Published articles that answer this, first those with the same fingerprint, then by likeness: their own, or
        that of a case which they solved."""
        exact = self.articles.index.with_fingerprints(query.fingerprints)
        exact += [self.cases.summaries[id].article for id in self.cases.index.with_fingerprints(query.fingerprints)]
        scores = dict.fromkeys(exact, 1.0)
        for id, score in self.articles.index.search(query.text, query.limit + len(exact)):
            scores[id] = max(score, scores.get(id, 0.0))
        for ticket, score in self.cases.index.search(query.text, query.limit + MORE_CASES):
            article = self.cases.summaries[ticket].article
            scores[article] = max(score * CASE_FACTOR, scores.get(article, 0.0))
        live = self.articles.summaries
        best = sorted((-score, id) for id, score in scores.items() if id in live and score >= min_score)
        return [
            Suggestion(
                article=id, title=live[id].title, score=round(-score, 4), category=live[id].category, exact=id in exact
            )
            for score, id in best[: query.limit]
        ]

    def similar_cases(self, text: str, limit: int, min_score: float) -> list[FoundCase]:
        return [
            FoundCase(ticket, case.title, round(score, 4), case.category, case.article)
            for ticket, score in self.cases.index.search(text, limit)
            if score >= min_score
            for case in [self.cases.summaries[ticket]]
        ]

"""What can be found: indexes of published articles and archived cases, kept in step with the store.

Every replica has its own. It sees its own changes at once and those of others when it looks, which it does before a
search and every few seconds at most. A look goes on in the background when a search will not wait for its end.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from services.kb.articles.domain import Article
from services.kb.articles.store import Articles
from services.kb.cases.domain import Case
from services.kb.cases.store import Cases
from services.kb.search.domain import Entry
from services.kb.search.follower import Follower
from services.kb.search.index import Index
from services.kb.search.indexed_store import OF_CHANGES
from services.kb.search.settings import KbSettings
from shared.events import SearchCases, Suggestion
from shared.mongo import AWAY
from shared.terms import Category

logger = logging.getLogger(__name__)

LOAD_AGAIN_AFTER = 5.0  # seconds
SECOND_HAND = 0.8  # what likeness to a case is worth for the article that solved it
WIDER = 20  # more cases are looked at than asked for, because several lead to one article


@dataclass(frozen=True)
class FoundCase:
    """An archived ticket that is like the question; `article` is what solved it or was learnt from it."""

    ticket: str
    title: str
    score: float
    category: Category | None
    article: str


class Shelf:
    def __init__(
        self,
        articles: Articles,
        cases: Cases,
        settings: KbSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._articles = articles
        self._cases = cases
        self._settings = settings
        self._clock = clock
        self._article_index = Index()
        self._case_index = Index()
        self._live: dict[str, tuple[str, Category | None]] = {}
        self._archived: dict[str, FoundCase] = {}
        self._versions: dict[str, int] = {}
        self._next_look = 0.0
        self._all_again_at = 0.0
        self._waited_for_until = 0.0
        self._looking: asyncio.Task[None] | None = None
        self._follower = Follower(self._newest, self._read, self._forget, clock, settings.page, settings.settles_within)

    async def start(self) -> None:
        """Load everything; a memory too large to be loaded soon is searched as far as it has come."""
        self._looking = asyncio.create_task(self._load())
        self._waited_for_until = self._clock() + self._settings.loaded_within
        await self._wait()

    async def stop(self) -> None:
        if self._looking:
            self._looking.cancel()
            await asyncio.wait([self._looking])

    async def refresh(self) -> None:
        """What others have changed since we last looked, as far as it can be had soon."""
        if self._looking is None or self._looking.done():
            if self._clock() < self._next_look:
                return
            self._next_look = self._clock() + self._settings.look_every
            self._waited_for_until = self._clock() + self._settings.look_within
            self._looking = asyncio.create_task(self._look())
        await self._wait()

    async def load(self) -> None:
        """Everything there is. Raises what the database raises."""
        self._all_again_at = self._clock() + self._settings.look_at_all_every
        await self._articles.take_in()
        self._follower.go_over_all()
        await self._follower.go_on()
        for article in await self._articles.without_place(self._versions):
            self.put(article)
        for case in await self._cases.without_place(self._versions):
            self.put_case(case)

    async def _load(self) -> None:
        while True:
            try:
                return await self.load()
            except AWAY as error:
                logger.warning("loading goes on later: %s %s", type(error).__name__, error)
                await asyncio.sleep(LOAD_AGAIN_AFTER)

    async def _look(self) -> None:
        try:
            await (self.load() if self._clock() >= self._all_again_at else self._follower.go_on())
        except AWAY as error:
            logger.warning("searching without the newest changes: %s %s", type(error).__name__, error)
        except Exception:  # whatever cannot be read, what is known can be searched
            logger.exception("searching without the newest changes")

    async def _wait(self) -> None:
        """For the look that is under way, if it began just now; raises what ended it."""
        assert self._looking
        left = max(self._waited_for_until - self._clock(), 0.0)
        done, _ = await asyncio.wait([self._looking], timeout=left)
        for task in done:
            task.result()

    def _forget(self) -> None:
        self._article_index, self._case_index = Index(), Index()
        self._live, self._archived, self._versions = {}, {}, {}

    async def _newest(self) -> int:
        return await self._articles.order.newest(OF_CHANGES)

    async def _read(self, after: int, until: int, new: bool) -> int:
        known = None if new else self._versions
        articles, cases = await asyncio.gather(
            self._articles.between(after, until, known), self._cases.between(after, until, known)
        )
        for article in articles:
            self.put(article)
            await asyncio.sleep(0)
        for case in cases:
            self.put_case(case)
            await asyncio.sleep(0)
        return len(articles) + len(cases)

    def put(self, article: Article) -> None:
        """Show an article as it is now; one that is not published is not shown."""
        if not self._is_news(article.id, article.version):
            return
        entry = self._articles.entry(article)
        _show(self._article_index, article.id, entry)
        if entry:
            self._live[article.id] = (entry.title, entry.category)
        else:
            self._live.pop(article.id, None)

    def put_case(self, case: Case) -> None:
        """Show a case; one that was reopened has no solution to show."""
        if not self._is_news(case.id, case.version):
            return
        entry = self._cases.entry(case)
        _show(self._case_index, case.id, entry)
        if entry:
            self._archived[case.id] = FoundCase(case.id, entry.title, 0.0, entry.category, entry.article)
        else:
            self._archived.pop(case.id, None)

    def _is_news(self, id: str, version: int) -> bool:
        if self._versions.get(id, 0) >= version:
            return False
        self._versions[id] = version
        return True

    def suggest(self, question: SearchCases, at_least: float) -> list[Suggestion]:
        """Published articles that answer this, the same fingerprint first, then by likeness: their own or that of a
        case which they solved."""
        exact = self._article_index.exact(question.fingerprints)
        exact += [self._archived[ticket].article for ticket in self._case_index.exact(question.fingerprints)]
        scores = dict.fromkeys(exact, 1.0)
        for id, score in self._article_index.like(question.text, question.limit + len(exact)):
            scores[id] = max(score, scores.get(id, 0.0))
        for ticket, score in self._case_index.like(question.text, question.limit + WIDER):
            article = self._archived[ticket].article
            scores[article] = max(score * SECOND_HAND, scores.get(article, 0.0))
        best = sorted((-score, id) for id, score in scores.items() if id in self._live and score >= at_least)
        return [
            Suggestion(article=id, title=title, score=round(-score, 4), category=category, exact=id in exact)
            for score, id in best[: question.limit]
            for title, category in [self._live[id]]
        ]

    def cases_like(self, text: str, limit: int, at_least: float) -> list[FoundCase]:
        return [
            FoundCase(case.ticket, case.title, round(score, 4), case.category, case.article)
            for ticket, score in self._case_index.like(text, limit)
            if score >= at_least
            for case in [self._archived[ticket]]
        ]


def _show(index: Index, id: str, entry: Entry | None) -> None:
    if entry:
        index.put(id, entry.fields, entry.fingerprints)
    else:
        index.remove(id)

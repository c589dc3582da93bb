"""What can be found: indexes of published articles and archived cases, kept in step with the store.

Every replica has its own. It sees its own changes at once and those of others when it looks, which it does before a
search and at most every two seconds.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.kb.case import Case, CaseState
from services.kb.domain import Article
from services.kb.search import Field, Index
from services.kb.store import Articles, Cases
from shared.events import SearchCases, Suggestion
from shared.mongo import AWAY
from shared.terms import Category

logger = logging.getLogger(__name__)

SLOW_OR_AWAY: tuple[type[Exception], ...] = (TimeoutError, *AWAY)
START_WITHIN = 10.0  # seconds
LOAD_AGAIN_AFTER = 5.0  # seconds
LOOK_EVERY = timedelta(seconds=2)
LOOK_BACK = timedelta(seconds=30)  # a change is visible a little after the moment that it carries
LOOK_WITHIN = 0.5  # seconds; a search answers from what it has when the database is slow
SECOND_HAND = 0.8  # what likeness to a case is worth for the article that solved it
TOLD_AT_MOST = 600  # characters of a case's description that are searched
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
    def __init__(self, articles: Articles, cases: Cases, now: Callable[[], datetime]) -> None:
        self._articles = articles
        self._cases = cases
        self._now = now
        self._article_index = Index()
        self._case_index = Index()
        self._live: dict[str, tuple[str, Category | None]] = {}
        self._archived: dict[str, FoundCase] = {}
        self._versions: dict[str, int] = {}
        self._seen_until = self._next_look = now()
        self._loading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load everything; a memory too large to be loaded soon is searched as far as it has come."""
        self._loading = asyncio.create_task(self._load_until_done())
        done, _ = await asyncio.wait([self._loading], timeout=START_WITHIN)
        for task in done:
            task.result()

    async def stop(self) -> None:
        if self._loading:
            self._loading.cancel()
            await asyncio.wait([self._loading])

    async def load(self) -> None:
        self._seen_until = self._now()
        async for article in self._articles.live():
            self.put(article)
            await asyncio.sleep(0)
        async for case in self._cases.all():
            self.put_case(case)
            await asyncio.sleep(0)

    async def _load_until_done(self) -> None:
        while True:
            try:
                return await self.load()
            except AWAY as error:
                logger.warning("loading begins again: %s %s", type(error).__name__, error)
                await asyncio.sleep(LOAD_AGAIN_AFTER)

    async def refresh(self) -> None:
        """What others have changed since we last looked."""
        now = self._now()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        since = self._seen_until - LOOK_BACK
        try:
            async with asyncio.timeout(LOOK_WITHIN):
                for article in await self._articles.changed_since(since, self._versions):
                    self.put(article)
                for case in await self._cases.changed_since(since, self._versions):
                    self.put_case(case)
        except SLOW_OR_AWAY as error:
            logger.warning("searching without the newest changes: %s %s", type(error).__name__, error)
            return
        self._seen_until = now

    def put(self, article: Article) -> None:
        """Show an article as it is now; one that is not published is not shown."""
        if self._versions.get(article.id, 0) >= article.version:
            return
        self._versions[article.id] = article.version
        if article.live is None:
            self._live.pop(article.id, None)
            self._article_index.remove(article.id)
            return
        content = article.live.content
        fields = (
            Field(content.title, 3.0, short=True),
            Field(" ".join(content.tags), 2.0, short=True),
            Field(f"{content.product} {content.product_version}", 1.5, short=True),
            Field(content.problem),
            Field(content.root_cause, 0.7),
            Field(content.solution, 0.5),
        )
        self._live[article.id] = (content.title, content.category)
        self._article_index.put(article.id, fields, content.fingerprints)

    def put_case(self, case: Case) -> None:
        """Show a case; one that was reopened has no solution to show."""
        if self._versions.get(case.id, 0) >= case.version:
            return
        self._versions[case.id] = case.version
        if case.state is CaseState.REOPENED:
            self._archived.pop(case.id, None)
            self._case_index.remove(case.id)
            return
        problem = case.problem
        fields = (
            Field(problem.title, 3.0, short=True),
            Field(" ".join(case.tags), 2.0, short=True),
            Field(problem.description[:TOLD_AT_MOST]),
        )
        self._archived[case.id] = FoundCase(case.id, problem.title, 0.0, case.category, case.article)
        self._case_index.put(case.id, fields, case.fingerprints)

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

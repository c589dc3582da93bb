"""Everything that the memory can do: learn from tickets, keep articles, answer with what solved it before."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from services.kb.articles.domain import MOST_REUSES, Article, Content, Reuse, State
from services.kb.articles.ids import id_of, is_learnt, number_in
from services.kb.articles.store import Articles
from services.kb.cases.domain import Case, accepted, learnt, reuse_of
from services.kb.cases.store import Cases
from services.kb.cases.tags import tags_of
from services.kb.search.catalog import FoundCase, Shelf
from shared.domain import NotFound, Origin
from shared.events import Event, FoundCases, KbArticleDrafted, SearchCases, TicketCompleted, TicketReopened
from shared.telemetry import REUSED
from shared.texts import beside

logger = logging.getLogger(__name__)
Decide = Callable[[Article, datetime], list[Event]]
WORTH_SUGGESTING = 0.25  # of a score: below it, what is found is more often chance than help
WORTH_LISTING = 0.05  # for a person who searches and judges for themselves
OWN = Origin.service("kb")


@dataclass(frozen=True)
class Kb:
    articles: Articles
    cases: Cases
    shelf: Shelf
    now: Callable[[], datetime]

    # ---- what tickets teach

    async def archive(self, event: TicketCompleted) -> None:
        """Keep the case, and its solution: as a reuse of the article that it named, else as a draft of its own.

        Every completion teaches, also one that is heard after a later one: what an article makes of it is its own
        matter. Each step writes what it knows before it looks at what others wrote, so that of two which belong
        together the second finds the first, in whichever order and on whichever replicas they are heard."""
        known = await self.cases.find(event.subject)
        if known and known.is_of_another(event):
            if not known.disputed:
                REUSED.labels("kb").inc()
                logger.error("%s is the case of another ticket, what %s tells is not kept", event.subject, event.id)
            await self._keep(event, known.tags, known.article)
            return
        solved, problem = accepted(event), event.problem
        tags = await beside(len(problem.description) + len(problem.error_text), tags_of, problem)
        if solved is None:
            await self._keep(event, tags, "")
        elif await self._names_another(event, solved.article):
            await self._keep(event, tags, solved.article)
            await self._reuse(solved.article, event, reuse_of(event, solved))
        else:
            article = await self._learn(event, learnt(event, solved, tags))
            case = await self._keep(event, tags, article)
            if case.reopening:
                await self._tell(article, lambda a: a.doubt(case.reopened_for, case.reopening, event.time), OWN)

    async def _names_another(self, event: TicketCompleted, article: str) -> bool:
        """One that there is, or that another ticket teaches, though perhaps this was not heard yet."""
        if not article or article == id_of(event.subject):
            return False
        return is_learnt(article) or await self.articles.find(article) is not None

    async def _keep(self, event: TicketCompleted, tags: list[str], article: str) -> Case:
        case = await self.cases.hear(event.subject, lambda case: case.archive(event, tags, article), event)
        self.shelf.put_case(case)
        return case

    async def _learn(self, event: TicketCompleted, content: Content) -> str:
        new = Article.from_ticket(event.subject, content, event.revision, event.time)
        known = await self.articles.add(new, new.drafted(event.time), event, keys=[Articles.key_of(event.subject)])
        if known is not new:
            await self._tell(known.id, lambda a: a.learn(content, event.revision, event.time), event)
        if known.reuse_count < MOST_REUSES:
            for case in await self.cases.naming(known.id):  # also those that were heard before there was an article
                if case.id != event.subject and (solved := accepted(case)):
                    await self._reuse(known.id, OWN, reuse_of(case, solved))
        return known.id

    async def _reuse(self, article: str, by: Event | Origin, told: tuple[Reuse, int]) -> None:
        """Of an article that a ticket teaches, and none has taught yet: recorded when it is there."""
        reuse, version = told
        with suppress(NotFound):
            await self._tell(article, lambda a: a.reused(reuse, version), by)

    async def reopen(self, event: TicketReopened) -> None:
        """What was learnt from this ticket may be wrong."""
        case = await self.cases.hear(event.subject, lambda case: case.reopen(event), event)
        self.shelf.put_case(case)
        if case.disputed:
            return
        if article := await self.articles.learnt_from(event.subject):
            await self._tell(article.id, lambda a: a.doubt(event.reason, event.revision, event.time), event)

    async def _tell(self, id: str, decide: Callable[[Article], list[Event]], by: Event | Origin) -> None:
        self.shelf.put(await self.articles.change(id, decide, by))

    # ---- what people do with articles

    async def write(self, content: Content, author: str, by: Origin) -> Article:
        now = self.now()
        new = Article.written(await self.articles.next_number(), content, author, now)
        return await self.articles.add(new, new.drafted(now), by, keys=[f"request:{by.key}"] if by.key else ())

    async def remember(self, event: KbArticleDrafted) -> None:
        """No number is given twice, also after the database was lost and built again from what it told."""
        if (number := number_in(event.subject)) is not None:
            await self.articles.was_given(number)

    async def change(self, id: str, decide: Decide, by: Origin) -> Article:
        now = self.now()
        article = await self.articles.change(id, lambda article: decide(article, now), by)
        self.shelf.put(article)
        return article

    async def page(self, state: State | None, after: int, limit: int) -> list[Article]:
        return await self.articles.page(state, after, limit)

    async def case(self, ticket: str) -> Case:
        """Raises NotFound."""
        case = await self.cases.get(ticket)
        if case.awaited:
            raise NotFound(f"Case {ticket} does not exist", f"{ticket} 不存在")
        return case

    # ---- what is asked of it

    async def search(self, question: SearchCases) -> FoundCases:
        """For other services, which act on what they are told: only what is worth it."""
        await self.shelf.refresh()
        return FoundCases(suggestions=self.shelf.suggest(question, WORTH_SUGGESTING))

    async def look_up(self, question: SearchCases) -> FoundCases:
        """For people, who see the titles and judge."""
        await self.shelf.refresh()
        return FoundCases(suggestions=self.shelf.suggest(question, WORTH_LISTING))

    async def cases_like(self, text: str, limit: int) -> list[FoundCase]:
        await self.shelf.refresh()
        return self.shelf.cases_like(text, limit, WORTH_LISTING)

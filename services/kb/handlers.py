"""Everything that the memory can do: learn from tickets, keep articles, answer with what solved it before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.kb.case import Case, CaseState, accepted, details_of, learnt, may_be_early
from services.kb.domain import OURSELVES, Article, Content, State
from services.kb.shelf import FoundCase, Shelf
from services.kb.store import Articles, Cases
from services.kb.tags import tags_of
from shared.domain import Origin, TooEarly
from shared.events import Event, FoundCases, SearchCases, TicketCompleted, TicketReopened
from shared.mongo import Counter
from shared.texts import beside

Decide = Callable[[Article, datetime], list[Event]]
WORTH_SUGGESTING = 0.25  # of a score: below it, what is found is more often chance than help
WORTH_LISTING = 0.05  # for a person who searches and judges for themselves


@dataclass(frozen=True)
class Kb:
    articles: Articles
    cases: Cases
    numbers: Counter
    shelf: Shelf
    now: Callable[[], datetime]

    # ---- what tickets teach

    async def archive(self, event: TicketCompleted) -> None:
        """Keep the case, and its solution: as a reuse of the article that it named, else as a draft of its own."""
        known = await self.cases.find(event.subject)
        if known and known.archived_at > event.time:
            return
        problem = event.problem
        tags = await beside(len(problem.description) + len(problem.error_text), tags_of, problem)
        # The article comes first, so that the case can name it; both are written once however often this runs.
        article = await self._learn(event, tags)
        case = Case.of(event, tags, article.id if article else "", self.now())
        saved = await self.cases.add(case, case.archived(self.now()), event)
        if saved is not case:
            saved = await self.cases.change(case.id, lambda old: old.archive_again(case), event)
        self.shelf.put_case(saved)

    async def _learn(self, event: TicketCompleted, tags: list[str]) -> Article | None:
        solved = accepted(event)
        if solved is None:
            return None
        now = self.now()
        if solved.article and await self.articles.find(solved.article):
            by, details = solved.verified_by or event.assignee, details_of(event, solved)
            return await self._tell(solved.article, lambda a: a.reused(event.subject, by, details, now), event)
        content = learnt(event, solved, tags)
        known = await self.articles.learnt_from(event.subject)
        if known is None:
            number = await self.numbers.next("article")
            new = Article.draft(number, content, OURSELVES, now, event.subject)
            known = await self.articles.add(new, new.drafted(now), event, keys=[Articles.key_of(event.subject)])
        return await self._tell(known.id, lambda a: a.learn(content, now), event)

    async def reopen(self, event: TicketReopened) -> None:
        """What was learnt from this ticket may be wrong."""
        if await self.cases.find(event.subject) is None:
            if may_be_early(event, self.now()):
                raise TooEarly(f"the case of {event.subject} is not archived yet")
            return
        now = self.now()
        case = await self.cases.change(event.subject, lambda case: case.reopen(event, now), event)
        self.shelf.put_case(case)
        article = await self.articles.learnt_from(event.subject)
        if article and case.state is CaseState.REOPENED:
            await self._tell(article.id, lambda a: a.doubt(event.reason, now), event)

    async def _tell(self, id: str, decide: Callable[[Article], list[Event]], event: Event) -> Article:
        article = await self.articles.change(id, decide, event)
        self.shelf.put(article)
        return article

    # ---- what people do with articles

    async def write(self, content: Content, author: str, by: Origin) -> Article:
        now = self.now()
        new = Article.draft(await self.numbers.next("article"), content, author, now)
        return await self.articles.add(new, new.drafted(now), by, keys=[f"request:{by.key}"] if by.key else ())

    async def change(self, id: str, decide: Decide, by: Origin) -> Article:
        now = self.now()
        article = await self.articles.change(id, lambda article: decide(article, now), by)
        self.shelf.put(article)
        return article

    async def page(self, state: State | None, after: int, limit: int) -> list[Article]:
        return await self.articles.page(state, after, limit)

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

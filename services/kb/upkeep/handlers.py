"""Opening review tasks for exactly the articles that something concerns."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.kb.articles.content import Content
from services.kb.articles.domain import Article
from services.kb.articles.handlers import ArticleHandlers
from services.kb.cases.handlers import CaseHandlers
from services.kb.upkeep.domain import ReviewTask, Use
from services.kb.upkeep.store import ReviewTasks
from shared.domain import NotFound, Origin
from shared.events import (
    Event,
    ProductVersionReleased,
    ReviewReason,
    SolutionRound,
    TicketCompleted,
    TicketReopened,
)
from shared.terms import Outcome

OWN = Origin.service("kb")
AT_ONCE = 100


@dataclass(frozen=True)
class UpkeepHandlers:
    tasks: ReviewTasks
    articles: ArticleHandlers
    cases: CaseHandlers
    now: Callable[[], datetime]

    # ---- what happens

    async def completed(self, event: TicketCompleted) -> None:
        """Keep the case; and whether the articles that its rounds used have helped."""
        await self.cases.archive(event)
        if event.outcome != Outcome.SOLVED:
            return
        for article in dict.fromkeys(one.article for one in event.rounds if one.article):
            if (known := await self.articles.store.find(article)) and known.ticket != event.subject:
                await self._record_uses(known, event)

    async def reopened(self, event: TicketReopened) -> None:
        """Keep that in the case; the article that had solved the ticket, if it is another's, may not have."""
        await self.cases.reopen(event)
        case = await self.cases.store.find(event.subject)
        if event.undone or case is None or case.disputed or not case.article:
            return
        if (known := await self.articles.store.find(case.article)) and known.ticket != event.subject:
            about = f"{event.subject}/{event.round}"
            await self.require(known, ReviewReason.REOPENED, about, event.time, event)

    async def version_released(self, event: ProductVersionReleased) -> None:
        """Published articles about the product that say nothing of this version."""
        names = {_spelt(name) for name in (event.product, *event.names)}
        fields = ["live_revision", "revisions.number", "revisions.content.product"]
        rows = await self.articles.store.rows({"_audience": {"$in": ["public", "customers", "internal"]}}, fields)
        ids = [
            row["id"] for row in rows if names & {_spelt(one["content"].get("product", "")) for one in row["revisions"]}
        ]
        for begin in range(0, len(ids), AT_ONCE):
            for article in await self.articles.store.where({"_id": {"$in": ids[begin : begin + AT_ONCE]}}):
                live = article.live
                if live and _spelt(live.content.product) in names and not _names_version(live.content, event.version):
                    await self.require(article, ReviewReason.NEW_VERSION, event.version, event.time, event)

    async def review_dates(self, ids: Sequence[str]) -> None:
        """The review date of these articles has come. The task first, so that none is lost between the two writes."""
        now = self.now()
        for id in ids:
            with suppress(NotFound):
                article = await self.articles.store.get(id)
                if article.due_at and article.due_at <= now:
                    await self.require(article, ReviewReason.REVIEW_DATE, f"{article.due_at:%Y-%m-%d}", now, OWN)
                    await self.articles.change(id, partial(_date_over, now=now), OWN)

    async def remind(self, ids: Sequence[str]) -> None:
        for id in ids:
            with suppress(NotFound):
                await self.tasks.change(id, partial(ReviewTask.remind, now=self.now()), OWN)

    # ---- inside

    async def require(
        self, article: Article, reason: ReviewReason, about: str, at: datetime, by: Event | Origin
    ) -> None:
        await self.tasks.add(ReviewTask.of(article.id, at), [], OWN)
        title = (article.live or article.latest).content.title
        decide = partial(ReviewTask.require, reason=reason, about=about, title=title, owner=article.owner, now=at)
        await self.tasks.change(article.id, decide, by)

    async def _record_uses(self, article: Article, event: TicketCompleted) -> None:
        uses = [_use(event, one) for one in event.rounds if one.article == article.id and one.accepted is not None]
        await self.tasks.add(ReviewTask.of(article.id, event.time), [], OWN)
        title = (article.live or article.latest).content.title

        def decide(task: ReviewTask) -> list[Event]:
            if not task.record(uses):
                return []
            about = f"{sum(one.helped for one in task.uses[-10:])}/{len(task.uses[-10:])}"
            if any(one.reason is ReviewReason.NOT_HELPFUL for one in task.causes):
                return []
            return task.require(
                ReviewReason.NOT_HELPFUL, f"{event.time:%Y-%m-%d} {about}", title, article.owner, event.time
            )

        await self.tasks.change(article.id, decide, event)


def _use(event: TicketCompleted, one: SolutionRound) -> Use:
    return Use(ticket=event.subject, round=one.round, helped=bool(one.accepted), at=one.answered_at or event.time)


def _date_over(article: Article, now: datetime) -> list[Event]:
    if article.due_at and article.due_at <= now:
        article.due_at = None
    return []


def _names_version(content: Content, version: str) -> bool:
    named = (*content.affected_versions, *content.fixed_versions, content.product_version)
    return _spelt(version).removeprefix("v") in {_spelt(one).removeprefix("v") for one in named}


def _spelt(name: str) -> str:
    return "".join(name.split()).casefold()

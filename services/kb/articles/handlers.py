"""Writing and changing articles, by people and by what happens to tickets."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.kb.articles import facts
from services.kb.articles.content import Content, Reuse
from services.kb.articles.domain import Article
from services.kb.articles.ids import is_from_ticket, manual_number
from services.kb.articles.markdown import FileUrl
from services.kb.articles.store import Articles
from services.kb.search.catalog import SearchCatalog
from shared.domain import NotFound, Origin
from shared.events import Event, KbArticleDrafted, TicketCompleted
from shared.store import Decide


@dataclass(frozen=True)
class ArticleHandlers:
    store: Articles
    catalog: SearchCatalog
    now: Callable[[], datetime]

    async def write(self, content: Content, author: str, by: Origin) -> Article:
        now = self.now()
        new = Article.written(await self.store.next_number(), content, author, now)
        return await self.store.add(new, new.drafted(now), by, keys=[f"request:{by.key}"] if by.key else ())

    async def change(self, id: str, decide: Decide[Article], by: Event | Origin) -> Article:
        """Raises NotFound, what `decide` refuses, and what the store refuses."""
        article = await self.store.change(id, decide, by)
        self.catalog.changed()
        return article

    def file_url(self, article: Article) -> FileUrl:
        """Where the files of an article are read by staff."""
        known = {one.id for one in article.files}
        return lambda file: f"/v1/articles/{article.id}/attachments/{file}" if file in known else ""

    async def reserve_number(self, event: KbArticleDrafted) -> None:
        """No number is given twice, also after the database was lost and rebuilt from the stream."""
        if (number := manual_number(event.subject)) is not None:
            await self.store.reserve_number(number)

    # ---- what happens to tickets

    async def is_known(self, id: str) -> bool:
        """Whether this article exists, or is that of a ticket which perhaps was not received yet."""
        return is_from_ticket(id) or await self.store.find(id) is not None

    async def draft(self, event: TicketCompleted, content: Content) -> Article:
        """The article of this ticket, which gets the content as facts.py says."""
        ticket, version, at = event.subject, event.revision, event.time
        new = Article.from_ticket(ticket, content, version, at)
        known = await self.store.add(new, new.drafted(at), event, keys=[Articles.key_of(ticket)])
        if known is new:
            return new
        return await self.change(known.id, partial(facts.solved, content=content, version=version, at=at), event)

    async def record_reopening(self, ticket: str, reason: str, version: int, at: datetime, by: Event | Origin) -> None:
        """The article of this ticket may be wrong."""
        if article := await self.store.drafted_from(ticket):
            await self.change(article.id, partial(facts.reopened, reason=reason, version=version, at=at), by)

    async def record_reuse(self, id: str, reuse: Reuse, version: int, by: Event | Origin) -> None:
        """Of an article whose own ticket was not received yet: recorded when it is drafted."""
        with suppress(NotFound):
            await self.change(id, partial(facts.reused, reuse=reuse, version=version), by)

"""Published articles for customers, over HTTP."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.kb.articles.access import FILE, Handlers, OfArticles, sent
from services.kb.articles.domain import Article
from services.kb.articles.markdown import FileUrl
from services.kb.help.domain import FOR_CUSTOMERS, is_for
from services.kb.help.views import HelpRow, HelpView
from shared.domain import NotFound
from shared.http import After, Caller, Limit, Page, may
from shared.terms import Id
from shared.texts import off_loop

router = APIRouter(prefix="/v1/help-articles", tags=["help"])
Reader = Annotated[Caller, may("help:read")]


@router.get("")
async def list_help_articles(articles: Handlers, _: Reader, after: After = None, limit: Limit = 50) -> Page[HelpRow]:
    """List what is published for everybody and for customers, the oldest first."""
    query = {"_audience": [str(one) for one in FOR_CUSTOMERS]}
    found, next = await articles.store.page(query, articles.store.oldest_first, after, limit)
    return Page(items=[HelpRow.of(one.id, one.live) for one in found if one.live], next=next)


@router.get("/{article}")
async def read_help_article(article: Id, articles: Handlers, _: Reader) -> HelpView:
    """A published article; of one that was merged, the one that says it now. What is for staff does not exist here."""
    found = await articles.store.get(article)
    if found.merged_into:
        found = await articles.store.get(found.merged_into)
    known = {one.id for one in found.files}
    return await shown(found, lambda file: f"/v1/help-articles/{found.id}/attachments/{file}" if file in known else "")


@router.get("/{article}/attachments/{article_file}", response_class=StreamingResponse, responses=FILE)
async def read_help_file(
    article: Id, article_file: Id, files: OfArticles, articles: Handlers, _: Reader
) -> StreamingResponse:
    """A file of a published article."""
    found = await articles.store.get(article)
    if not is_for(found, FOR_CUSTOMERS):
        raise NotFound.of(article_file)
    return await sent(files, found, article_file)


async def shown(article: Article, file_url: FileUrl) -> HelpView:
    """Raises NotFound."""
    if article.live is None or not is_for(article, FOR_CUSTOMERS):
        raise NotFound.of(article.id)
    length = len(article.live.content.problem) + len(article.live.content.solution)
    return await off_loop(length, HelpView.rendered, article.id, article.live, file_url)

"""Articles over HTTP: from draft to publication, and their reuse."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.kb.articles.access import Handlers, Tickets
from services.kb.articles.article_text import ArticleText
from services.kb.articles.domain import Article, ArticleState
from services.kb.articles.handlers import ArticleHandlers
from services.kb.articles.views import (
    ArticleReason,
    ArticleRow,
    ArticleSearch,
    ArticleView,
    NewReuse,
)
from services.kb.search.domain import Filters, Kind
from services.kb.search.handlers import SearchHandlers
from services.kb.search.result_views import MOST_FOUND, FacetsView
from shared.domain import Invalid
from shared.events import SearchCases
from shared.http import WORDS, After, Caller, Limit, Page, may, tagged
from shared.store import Decide
from shared.terms import Id

router = APIRouter(tags=["articles"])


async def searching(request: Request) -> SearchHandlers:
    found: SearchHandlers = request.app.state.service.search
    return found


Search = Annotated[SearchHandlers, Depends(searching)]
Reader = Annotated[Caller, may("article:read")]


async def change(
    articles: ArticleHandlers, caller: Caller, id: str, decide: Decide[Article], response: Response
) -> ArticleView:
    return shown(await articles.change(id, decide, caller.origin), response)


def shown(article: Article, response: Response) -> ArticleView:
    tagged(response, article)
    return ArticleView.of(article)


async def matching(
    articles: ArticleHandlers, search: SearchHandlers, query: SearchCases, filters: Filters
) -> Page[ArticleRow]:
    found = await search.articles(query, filters)
    known = {one.id: one for one in await articles.store.where({"_id": {"$in": [one.id for one in found]}})}
    return Page(items=[ArticleRow.of(known[one.id], one) for one in found if one.id in known])


@router.get("/v1/articles")
async def list_articles(
    articles: Handlers,
    search: Search,
    _: Reader,
    q: Annotated[str | None, WORDS] = None,
    state: Annotated[ArticleState | None, Query(description="Only articles in this state")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ArticleRow]:
    """List articles, the oldest first; or, with `q`, the published ones that match, the best first, on one page."""
    if q is not None:
        if state or after:
            raise Invalid(
                "`q` stands alone: without `state` and `after`", "`q` 不能与 `state`、`after` 同时使用", "query.q"
            )
        return await matching(articles, search, SearchCases(text=q, limit=min(limit, MOST_FOUND)), Filters())
    query = {"state": state.value} if state else {}
    found, next = await articles.store.page(query, articles.store.oldest_first, after, limit)
    return Page(items=[ArticleRow.of(one) for one in found], next=next)


@router.post("/v1/article-searches")
async def search_articles(body: ArticleSearch, articles: Handlers, search: Search, _: Reader) -> Page[ArticleRow]:
    """Search published articles by text, fingerprints and what they are about, the best match first, on one page."""
    return await matching(articles, search, body.query(), body.filters())


@router.get("/v1/article-facets")
async def count_articles(search: Search, _: Reader) -> FacetsView:
    """How many published articles there are of each product, version, module and category."""
    return FacetsView.of(await search.catalog.facets(Kind.ARTICLE, Filters()))


@router.post("/v1/articles", status_code=201)
async def write_article(
    body: ArticleText, articles: Handlers, caller: Annotated[Caller, may("article:write")], response: Response
) -> ArticleView:
    """Write an article; it starts as a draft."""
    return shown(await articles.write(body.content(), caller.sub, caller.origin), response)


@router.get("/v1/articles/{article}")
async def read_article(article: Id, articles: Handlers, _: Reader, response: Response) -> ArticleView:
    """The text of an article, its state and its history."""
    return shown(await articles.store.get(article), response)


@router.put("/v1/articles/{article}")
async def edit_article(
    article: Id,
    body: ArticleText,
    articles: Handlers,
    caller: Annotated[Caller, may("article:write")],
    response: Response,
) -> ArticleView:
    """Add a revision, which must be approved. The published one stays until the new one is published."""
    decide = partial(Article.edit, content=body.content(), author=caller.sub, now=articles.now())
    return await change(articles, caller, article, decide, response)


@router.post("/v1/articles/{article}/approval")
async def approve_article(
    article: Id, articles: Handlers, caller: Annotated[Caller, may("article:approve")], response: Response
) -> ArticleView:
    """Approve the latest revision."""
    decide = partial(Article.approve, by=caller.sub, now=articles.now())
    return await change(articles, caller, article, decide, response)


@router.post("/v1/articles/{article}/publication")
async def publish_article(
    article: Id, articles: Handlers, caller: Annotated[Caller, may("article:publish")], response: Response
) -> ArticleView:
    """Publish the approved revision: searches find it from now on."""
    return await change(articles, caller, article, partial(Article.publish, now=articles.now()), response)


@router.post("/v1/articles/{article}/stale")
async def mark_article_stale(
    article: Id,
    body: ArticleReason,
    articles: Handlers,
    caller: Annotated[Caller, may("article:write")],
    response: Response,
) -> ArticleView:
    """Mark a published article as outdated: searches do not find it until it is approved and published again."""
    decide = partial(Article.mark_stale, reason=body.reason, now=articles.now())
    return await change(articles, caller, article, decide, response)


@router.post("/v1/articles/{article}/withdrawal")
async def withdraw_article(
    article: Id,
    body: ArticleReason,
    articles: Handlers,
    caller: Annotated[Caller, may("article:publish")],
    response: Response,
) -> ArticleView:
    """Withdraw an article for good, published or not."""
    decide = partial(Article.withdraw, reason=body.reason, now=articles.now())
    return await change(articles, caller, article, decide, response)


@router.post("/v1/articles/{article}/reuses")
async def reuse_article(
    article: Id,
    body: NewReuse,
    articles: Handlers,
    tickets: Tickets,
    caller: Annotated[Caller, may("article:reuse")],
    response: Response,
) -> ArticleView:
    """Record that the article solved this ticket too, and what was particular about it (P3.3). Once per ticket. A
    ticket that does not exist is refused, also by `503` while nobody can say; whether it helped follows from how the
    ticket ends."""
    (await articles.store.get(article)).require_reusable()
    await tickets.require(body.ticket)
    decide = partial(Article.reuse, ticket=body.ticket, by=caller.sub, details=body.details, now=articles.now())
    return await change(articles, caller, article, decide, response)

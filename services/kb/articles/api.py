"""Articles over HTTP: from draft to publication, and their reuse."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.kb.articles.domain import Article, ArticleState
from services.kb.articles.handlers import ArticleHandlers
from services.kb.articles.views import ArticleRow, ArticleText, ArticleView, NewReuse, Reason
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.store import Decide
from shared.terms import Id

router = APIRouter(tags=["kb"])


async def handlers(request: Request) -> ArticleHandlers:
    found: ArticleHandlers = request.app.state.service.articles
    return found


Handlers = Annotated[ArticleHandlers, Depends(handlers)]


async def change(
    articles: ArticleHandlers, caller: Caller, id: str, decide: Decide[Article], response: Response
) -> ArticleView:
    return shown(await articles.change(id, decide, caller.origin), response)


def shown(article: Article, response: Response) -> ArticleView:
    tagged(response, article)
    return ArticleView.of(article)


@router.get("/articles")
async def list_articles(
    articles: Handlers,
    _: Annotated[Caller, may("article:read")],
    state: ArticleState | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ArticleRow]:
    """List articles, the oldest first."""
    query = {"state": state.value} if state else {}
    found, next = await articles.store.page(query, articles.store.oldest_first, after, limit)
    return Page(items=[ArticleRow.of(one) for one in found], next=next)


@router.post("/articles", status_code=201)
async def write(
    body: ArticleText, articles: Handlers, caller: Annotated[Caller, may("article:write")], response: Response
) -> ArticleView:
    """Write an article; it starts as a draft."""
    return shown(await articles.write(body.content(), caller.sub, caller.origin), response)


@router.get("/articles/{id}")
async def read(
    id: Id, articles: Handlers, _: Annotated[Caller, may("article:read")], response: Response
) -> ArticleView:
    return shown(await articles.store.get(id), response)


@router.put("/articles/{id}")
async def edit(
    id: Id, body: ArticleText, articles: Handlers, caller: Annotated[Caller, may("article:write")], response: Response
) -> ArticleView:
    """Add a revision, which must be approved. The published one stays until the new one is published."""
    decide = partial(Article.edit, content=body.content(), author=caller.sub, now=articles.now())
    return await change(articles, caller, id, decide, response)


@router.post("/articles/{id}/approval")
async def approve(
    id: Id, articles: Handlers, caller: Annotated[Caller, may("article:approve")], response: Response
) -> ArticleView:
    """Approve the latest revision."""
    decide = partial(Article.approve, by=caller.sub, now=articles.now())
    return await change(articles, caller, id, decide, response)


@router.post("/articles/{id}/publication")
async def publish(
    id: Id, articles: Handlers, caller: Annotated[Caller, may("article:publish")], response: Response
) -> ArticleView:
    """Publish the approved revision: searches find it from now on."""
    return await change(articles, caller, id, partial(Article.publish, now=articles.now()), response)


@router.post("/articles/{id}/stale")
async def mark_stale(
    id: Id, body: Reason, articles: Handlers, caller: Annotated[Caller, may("article:write")], response: Response
) -> ArticleView:
    """Mark a published article as outdated: searches do not find it until it is approved and published again."""
    decide = partial(Article.mark_stale, reason=body.reason, now=articles.now())
    return await change(articles, caller, id, decide, response)


@router.post("/articles/{id}/withdrawal")
async def withdraw(
    id: Id, body: Reason, articles: Handlers, caller: Annotated[Caller, may("article:publish")], response: Response
) -> ArticleView:
    """Withdraw an article for good, published or not."""
    decide = partial(Article.withdraw, reason=body.reason, now=articles.now())
    return await change(articles, caller, id, decide, response)


@router.post("/articles/{id}/reuses")
async def reuse(
    id: Id, body: NewReuse, articles: Handlers, caller: Annotated[Caller, may("article:reuse")], response: Response
) -> ArticleView:
    """Record that the article solved this ticket too, and what was particular about it (P3.3). Once per ticket."""
    decide = partial(Article.reuse, ticket=body.ticket, by=caller.sub, details=body.details, now=articles.now())
    return await change(articles, caller, id, decide, response)

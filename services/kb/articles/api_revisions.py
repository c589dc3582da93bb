"""Revisions of articles over HTTP: compared, rendered, rolled back; doubles and their merging; upkeep."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.kb.articles.access import Handlers
from services.kb.articles.api import Reader, change
from services.kb.articles.comparing import differences
from services.kb.articles.domain import Article
from services.kb.articles.merging import Described, doubles_of, merge, unmerge
from services.kb.articles.revision_views import (
    ArticleDoubleView,
    ArticleMerge,
    ArticleRollback,
    ArticleUpkeep,
    DiffView,
    RenderedView,
)
from services.kb.articles.views import ArticleView
from shared.http import Caller, Page, may, tagged
from shared.terms import Id
from shared.texts import off_loop

router = APIRouter(prefix="/v1/articles/{article}", tags=["articles"])
MOST_DOUBLES = 10
Earlier = Annotated[int, Query(ge=1, le=1_000_000, description="The number of one revision")]
Later = Annotated[int, Query(ge=1, le=1_000_000, description="The number of the other")]
Publisher = Annotated[Caller, may("article:publish")]


@router.get("/diff")
async def compare_revisions(article: Id, articles: Handlers, _: Reader, earlier: Earlier, later: Later) -> DiffView:
    """What differs between two revisions, field by field and line by line."""
    found = await articles.store.get(article)
    old, new = found.revision(earlier).content, found.revision(later).content
    length = sum(len(one.problem) + len(one.solution) for one in (old, new))
    return DiffView.of(earlier, later, await off_loop(length, differences, old, new))


@router.get("/rendering")
async def render_revision(
    article: Id,
    articles: Handlers,
    _: Reader,
    response: Response,
    revision: Annotated[int | None, Query(ge=1, le=1_000_000, description="Which one; the latest if not given")] = None,
) -> RenderedView:
    """The texts of a revision as HTML that is safe to show."""
    found = await articles.store.get(article)
    tagged(response, found)
    one = found.revision(revision) if revision else found.latest
    length = len(one.content.problem) + len(one.content.solution)
    return await off_loop(length, RenderedView.of, one.content, one.time, articles.file_url(found))


@router.post("/rollback")
async def roll_back_article(
    article: Id, body: ArticleRollback, articles: Handlers, caller: Publisher, response: Response
) -> ArticleView:
    """Publish the text of an earlier, approved revision again. It becomes a new revision; none is lost."""
    decide = partial(Article.roll_back, number=body.revision, by=caller.sub, now=articles.now())
    return await change(articles, caller, article, decide, response)


@router.get("/doubles")
async def list_doubles(article: Id, articles: Handlers, _: Reader) -> Page[ArticleDoubleView]:
    """Articles that may be about the same problem: with the same stack trace, or a similar title. There is one page."""
    mine = Described.of(await articles.store.get(article))
    others = await articles.store.described()
    found = await off_loop(len(others) * 20, doubles_of, mine, others, MOST_DOUBLES)
    return Page(items=[ArticleDoubleView.of(one) for one in found])


@router.post("/merger")
async def merge_article(
    article: Id, body: ArticleMerge, articles: Handlers, caller: Publisher, response: Response
) -> ArticleView:
    """ArticleMerge this article into another: it points there, and searches do not find it any more. Its text stays."""
    into = await articles.store.get(body.into)
    return await change(articles, caller, article, partial(merge, into=into, now=articles.now()), response)


@router.delete("/merger")
async def unmerge_article(article: Id, articles: Handlers, caller: Publisher, response: Response) -> ArticleView:
    """Undo a merger: the article is what it was before."""
    return await change(articles, caller, article, partial(unmerge, now=articles.now()), response)


@router.put("/upkeep")
async def keep_up_article(
    article: Id,
    body: ArticleUpkeep,
    articles: Handlers,
    caller: Annotated[Caller, may("article:write")],
    response: Response,
) -> ArticleView:
    """Say who keeps the article right and when it is to be looked at again."""
    decide = partial(Article.keep_up, owner=body.owner, due_at=body.due_at)
    return await change(articles, caller, article, decide, response)

"""The memory over HTTP: articles from draft to publication, their reuse, and the search of articles and cases."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.kb.articles.domain import Article, State
from services.kb.handlers import Kb
from services.kb.views import ArticleRow, ArticleText, ArticleView, CasesFound, CaseView, NewReuse, Why
from shared.events import FoundCases, SearchCases
from shared.http import After, Caller, Limit, Page, may, no_such_page, service, tagged
from shared.terms import Id

router = APIRouter(tags=["kb"])
Memory = Annotated[Kb, Depends(service)]
Words = Annotated[str, Query(min_length=1, max_length=2000, description="what to look for, in Chinese or English")]
AtMost = Annotated[int, Query(ge=1, le=20)]


def _shown(article: Article, response: Response) -> ArticleView:
    tagged(response, article)
    return ArticleView.of(article)


# ---- searching


@router.get("/articles/search")
async def search_articles(
    kb: Memory, _: Annotated[Caller, may("article:search")], q: Words, limit: AtMost = 10
) -> FoundCases:
    """Published articles about these words, best first."""
    return await kb.look_up(SearchCases(text=q, limit=limit))


@router.post("/search")
async def search(body: SearchCases, kb: Memory, _: Annotated[Caller, may("article:search")]) -> FoundCases:
    """Published articles like this text or with one of these fingerprints, best first."""
    return await kb.look_up(body)


@router.get("/cases/search")
async def search_cases(kb: Memory, _: Annotated[Caller, may("case:read")], q: Words, limit: AtMost = 10) -> CasesFound:
    """Archived tickets about these words, best first, whether or not an article came of them."""
    return CasesFound(cases=await kb.cases_like(q, limit))


@router.get("/cases/{ticket}")
async def read_case(ticket: Id, kb: Memory, _: Annotated[Caller, may("case:read")], response: Response) -> CaseView:
    """The standard case of a ticket: problem, rounds, solution, verification, feedback."""
    case = await kb.case(ticket)
    tagged(response, case)
    return CaseView.of(case)


# ---- articles


@router.get("/articles")
async def list_articles(
    kb: Memory,
    _: Annotated[Caller, may("article:read")],
    state: State | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ArticleRow]:
    """In the order in which they were written or learnt, the oldest first."""
    row = await kb.articles.row_of(after) if after else 0
    if row is None:
        raise no_such_page()
    found = await kb.page(state, row, limit)
    return Page(items=[ArticleRow.of(one) for one in found], next=found[-1].id if len(found) == limit else None)


@router.post("/articles", status_code=201)
async def write(
    body: ArticleText, kb: Memory, caller: Annotated[Caller, may("article:write")], response: Response
) -> ArticleView:
    """Write an article by hand; it begins as a draft."""
    return _shown(await kb.write(body.content(), caller.sub, caller.origin), response)


@router.get("/articles/{id}")
async def read(id: Id, kb: Memory, _: Annotated[Caller, may("article:read")], response: Response) -> ArticleView:
    return _shown(await kb.articles.get(id), response)


@router.put("/articles/{id}")
async def edit(
    id: Id, body: ArticleText, kb: Memory, caller: Annotated[Caller, may("article:write")], response: Response
) -> ArticleView:
    """A new revision, to be approved; what is published stays until the new one is."""
    content = body.content()
    return _shown(await kb.change(id, lambda a, now: a.edit(content, caller.sub, now), caller.origin), response)


@router.post("/articles/{id}/approval")
async def approve(
    id: Id, kb: Memory, caller: Annotated[Caller, may("article:approve")], response: Response
) -> ArticleView:
    """Stand for the newest revision."""
    return _shown(await kb.change(id, lambda a, now: a.approve(caller.sub, now), caller.origin), response)


@router.post("/articles/{id}/publication")
async def publish(
    id: Id, kb: Memory, caller: Annotated[Caller, may("article:publish")], response: Response
) -> ArticleView:
    """Let people find the approved revision, from this moment on."""
    return _shown(await kb.change(id, lambda a, now: a.publish(now), caller.origin), response)


@router.post("/articles/{id}/stale")
async def mark_stale(
    id: Id, body: Why, kb: Memory, caller: Annotated[Caller, may("article:write")], response: Response
) -> ArticleView:
    """It no longer holds: nobody finds it until it is approved and published again."""
    return _shown(await kb.change(id, lambda a, now: a.mark_stale(body.reason, now), caller.origin), response)


@router.post("/articles/{id}/withdrawal")
async def withdraw(
    id: Id, body: Why, kb: Memory, caller: Annotated[Caller, may("article:publish")], response: Response
) -> ArticleView:
    """For good: a draft not worth an article, or an article that must not come back."""
    return _shown(await kb.change(id, lambda a, now: a.withdraw(body.reason, now), caller.origin), response)


@router.post("/articles/{id}/reuses")
async def reuse(
    id: Id, body: NewReuse, kb: Memory, caller: Annotated[Caller, may("article:reuse")], response: Response
) -> ArticleView:
    """It solved this ticket too; add what was particular about it (P3.3). Once for each ticket."""
    return _shown(
        await kb.change(id, lambda a, now: a.reuse(body.ticket, caller.sub, body.details, now), caller.origin), response
    )

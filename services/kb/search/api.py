"""Searching over HTTP: published articles and archived cases."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.kb.search.handlers import SearchHandlers
from services.kb.search.views import CasesFound
from shared.events import FoundCases, SearchCases
from shared.http import Caller, may

router = APIRouter(tags=["kb"])
Words = Annotated[str, Query(min_length=1, max_length=2000, description="Words to search for, in Chinese or English")]
AtMost = Annotated[int, Query(ge=1, le=20)]


async def handlers(request: Request) -> SearchHandlers:
    found: SearchHandlers = request.app.state.service.search
    return found


Handlers = Annotated[SearchHandlers, Depends(handlers)]


@router.get("/articles/search")
async def search_articles(
    search: Handlers, _: Annotated[Caller, may("article:search")], q: Words, limit: AtMost = 10
) -> FoundCases:
    """Search published articles by words, the best match first."""
    return await search.articles(SearchCases(text=q, limit=limit))


@router.post("/search")
async def search_by_text_and_fingerprints(
    body: SearchCases, search: Handlers, _: Annotated[Caller, may("article:search")]
) -> FoundCases:
    """Search published articles by text and fingerprints, the best match first."""
    return await search.articles(body)


@router.get("/cases/search")
async def search_cases(
    search: Handlers, _: Annotated[Caller, may("case:read")], q: Words, limit: AtMost = 10
) -> CasesFound:
    """Search archived cases by words, the best match first."""
    return CasesFound(cases=await search.cases(q, limit))

"""Cases over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.kb.cases.handlers import CaseHandlers
from services.kb.cases.views import CaseSearch, CaseView, FoundCaseView
from services.kb.search.domain import Filters, Kind
from services.kb.search.handlers import SearchHandlers
from services.kb.search.result_views import FacetsView
from shared.events import SearchCases
from shared.http import WORDS, Caller, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1", tags=["cases"])


async def handlers(request: Request) -> CaseHandlers:
    found: CaseHandlers = request.app.state.service.cases
    return found


async def searching(request: Request) -> SearchHandlers:
    found: SearchHandlers = request.app.state.service.search
    return found


@router.get("/tickets/{ticket}/case")
async def read_case(
    ticket: Id,
    cases: Annotated[CaseHandlers, Depends(handlers)],
    _: Annotated[Caller, may("case:read")],
    response: Response,
) -> CaseView:
    """The standard case of a ticket: problem, rounds, solution, verification, feedback."""
    case = await cases.get(ticket)
    tagged(response, case)
    return CaseView.model_validate(case)


@router.get("/cases")
async def search_cases(
    q: Annotated[str, WORDS],
    search: Annotated[SearchHandlers, Depends(searching)],
    _: Annotated[Caller, may("case:read")],
    limit: Annotated[int, Query(ge=1, le=20, description="How many to find at most")] = 10,
) -> Page[FoundCaseView]:
    """Search archived cases, the best match first. There is one page."""
    return Page(items=[FoundCaseView.of(one) for one in await search.cases(SearchCases(text=q, limit=limit))])


@router.post("/case-searches")
async def search_cases_by_body(
    body: CaseSearch,
    search: Annotated[SearchHandlers, Depends(searching)],
    _: Annotated[Caller, may("case:read")],
) -> Page[FoundCaseView]:
    """Search archived cases by text, fingerprints and what they are about, the best match first, on one page. What is
    looked for stands in the body, so that it is in no log of addresses."""
    return Page(items=[FoundCaseView.of(one) for one in await search.cases(body.query(), body.filters())])


@router.get("/case-facets")
async def count_cases(
    search: Annotated[SearchHandlers, Depends(searching)], _: Annotated[Caller, may("case:read")]
) -> FacetsView:
    """How many archived cases there are of each product, version, module and category."""
    return FacetsView.of(await search.catalog.facets(Kind.CASE, Filters()))

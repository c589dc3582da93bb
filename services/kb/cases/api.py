"""Cases over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.kb.cases.handlers import CaseHandlers
from services.kb.cases.views import CaseView, FoundCaseView
from services.kb.search.handlers import SearchHandlers
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
    return Page(items=[FoundCaseView.model_validate(one) for one in await search.cases(q, limit)])

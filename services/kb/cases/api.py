"""Cases over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.kb.cases.handlers import CaseHandlers
from services.kb.cases.views import CaseView
from shared.http import Caller, may, tagged
from shared.terms import Id

router = APIRouter(tags=["kb"])


async def handlers(request: Request) -> CaseHandlers:
    found: CaseHandlers = request.app.state.service.cases
    return found


@router.get("/cases/{ticket}")
async def read_case(
    ticket: Id,
    cases: Annotated[CaseHandlers, Depends(handlers)],
    _: Annotated[Caller, may("case:read")],
    response: Response,
) -> CaseView:
    """The standard case of a ticket: problem, rounds, solution, verification, feedback."""
    case = await cases.get(ticket)
    tagged(response, case)
    return CaseView.of(case)

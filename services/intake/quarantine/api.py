"""Files in quarantine over HTTP, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.intake.attachments.scan import ScanState
from services.intake.quarantine.handlers import QuarantineHandlers
from services.intake.quarantine.views import Decision, QuarantinedView
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/quarantine", tags=["quarantine"])


async def handlers(request: Request) -> QuarantineHandlers:
    found: QuarantineHandlers = request.app.state.service.quarantine
    return found


Handlers = Annotated[QuarantineHandlers, Depends(handlers)]
MayDecide = Annotated[Caller, may("quarantine:decide")]


@router.get("")
async def list_quarantine(
    quarantine: Handlers,
    _: Annotated[Caller, may("quarantine:read")],
    state: Annotated[ScanState | None, Query(description="Only files in this state")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[QuarantinedView]:
    """Files that the scanner has not looked at, or that are infected, and those that were decided about; the newest
    first."""
    query = {"state": state.value} if state else {}
    found, next = await quarantine.guard.scans.page(query, quarantine.guard.scans.newest_first, after, limit)
    return Page(items=[QuarantinedView.model_validate(one) for one in found], next=next)


@router.post("/{file}/release")
async def release_file(
    file: Id, body: Decision, quarantine: Handlers, caller: MayDecide, response: Response
) -> QuarantinedView:
    """Hand it out again to whoever may read its ticket."""
    return await _decided(quarantine, file, ScanState.RELEASED, body, caller, response)


@router.post("/{file}/removal")
async def remove_file(
    file: Id, body: Decision, quarantine: Handlers, caller: MayDecide, response: Response
) -> QuarantinedView:
    """Delete its content for good; the ticket goes on to name it."""
    return await _decided(quarantine, file, ScanState.REMOVED, body, caller, response)


async def _decided(
    quarantine: QuarantineHandlers, file: str, to: ScanState, body: Decision, caller: Caller, response: Response
) -> QuarantinedView:
    scan = await quarantine.decide(file, to, body.reason, caller.origin)
    tagged(response, scan)
    return QuarantinedView.model_validate(scan)

"""Warnings that stand, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.sla.clocks.clock import Standing
from services.sla.warnings.handlers import WarningHandlers
from services.sla.warnings.views import WarningView
from shared.http import After, Caller, Limit, Page, may

router = APIRouter(prefix="/v1/warnings", tags=["clocks"])


async def handlers(request: Request) -> WarningHandlers:
    found: WarningHandlers = request.app.state.service.warnings
    return found


@router.get("")
async def list_warnings(
    warnings: Annotated[WarningHandlers, Depends(handlers)],
    caller: Annotated[Caller, may("clock:read")],
    standing: Annotated[Standing | None, Query(description="Only tickets of which this is the worst")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[WarningView]:
    """List tickets with a clock whose target is missed or will be soon, the worst first, with who was told when. A
    clock that was done, or whose target was moved, is no longer in it."""
    found, next = await warnings.page(standing, after, limit)
    return Page(items=[WarningView.of(one, caller.language) for one in found if one.warnings], next=next)

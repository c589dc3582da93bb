"""What if, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.sla.what_if.handlers import WhatIfHandlers
from services.sla.what_if.views import WhatIfBody, WhatIfView
from shared.http import Caller, may

router = APIRouter(prefix="/v1/what-if", tags=["figures"])


async def handlers(request: Request) -> WhatIfHandlers:
    found: WhatIfHandlers = request.app.state.service.what_if
    return found


@router.post("")
async def replay_range(
    body: WhatIfBody,
    what_if: Annotated[WhatIfHandlers, Depends(handlers)],
    _: Annotated[Caller, may("what_if:ask")],
) -> WhatIfView:
    """Replay the tickets opened in a range of days with another policy, calendar or staffing: what would have been
    missed. Nothing is sent, and nothing changes."""
    staffing = body.staffing.staffing() if body.staffing else None
    asked = body.since, body.until, body.policy, body.targets, body.calendar, staffing
    return WhatIfView.of(body.since, await what_if.replay(*asked))

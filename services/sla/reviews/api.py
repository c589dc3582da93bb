"""Reports over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.sla.reviews.domain import Statistics
from services.sla.reviews.handlers import ReviewHandlers
from shared.http import Caller, may
from shared.terms import Day, Moment

router = APIRouter(tags=["sla"])
When = Annotated[Moment | Day | None, Query(union_mode="left_to_right")]


async def handlers(request: Request) -> ReviewHandlers:
    found: ReviewHandlers = request.app.state.service.reviews
    return found


@router.get("/statistics")
async def read_statistics(
    reviews: Annotated[ReviewHandlers, Depends(handlers)],
    _: Annotated[Caller, may("statistics:read")],
    since: When = None,
    until: When = None,
) -> Statistics:
    """Of the tickets opened from `since` until before `until` (moments, or days of the calendar `cn`)."""
    return await reviews.statistics(since, until)

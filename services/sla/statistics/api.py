"""Reports over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.sla.statistics.domain import Statistics
from services.sla.statistics.handlers import StatisticsHandlers
from shared.http import Caller, may
from shared.terms import Day, Moment

router = APIRouter(prefix="/v1/statistics", tags=["statistics"])
When = Moment | Day | None
SINCE = Query(
    union_mode="left_to_right", description="A moment, or a day of the calendar `cn`; by default 30 days before `until`"
)
UNTIL = Query(union_mode="left_to_right", description="A moment, or a day of the calendar `cn`; by default now")


async def handlers(request: Request) -> StatisticsHandlers:
    found: StatisticsHandlers = request.app.state.service.statistics
    return found


@router.get("")
async def read_statistics(
    statistics: Annotated[StatisticsHandlers, Depends(handlers)],
    _: Annotated[Caller, may("statistics:read")],
    since: Annotated[When, SINCE] = None,
    until: Annotated[When, UNTIL] = None,
) -> Statistics:
    """Figures of the tickets opened from `since` until before `until`."""
    return await statistics.over(since, until)

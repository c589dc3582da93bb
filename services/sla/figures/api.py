"""Figures over HTTP."""

from collections import Counter
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from services.sla.figures.counting import DIMENSIONS, EVERYTHING
from services.sla.figures.handlers import FigureHandlers
from services.sla.figures.summary import is_figure
from services.sla.figures.views import FiguresView, TicketsBehind
from shared.auth import Scope, forbidden
from shared.domain import NotFound
from shared.http import Caller, may
from shared.terms import Day

router = APIRouter(prefix="/v1/figures", tags=["figures"])
MayRead = Annotated[Caller, may("figure:read")]
DEFAULT_PERIOD = timedelta(days=30)
COMPANY = "company"
Dimension = StrEnum("Dimension", {name.upper(): name for name in DIMENSIONS})  # type: ignore[misc]
ALL = Dimension(EVERYTHING)


async def handlers(request: Request) -> FigureHandlers:
    found: FigureHandlers = request.app.state.service.figures
    return found


Handlers = Annotated[FigureHandlers, Depends(handlers)]
Since = Annotated[Day | None, Query(description="The first day, in the desk's time zone; by default 30 before `until`")]
Until = Annotated[Day | None, Query(description="The day before which it ends; by default tomorrow")]
By = Annotated[Dimension, Query(description="By what they are counted")]
OpenNow = Annotated[bool, Query(description="Of the tickets that are open now, instead of those opened in a period")]
Value = Annotated[str | None, Query(max_length=500, description="Only of tickets with this value")]


@router.get("")
async def read_figures(
    figures: Handlers,
    caller: MayRead,
    by: By = ALL,
    since: Since = None,
    until: Until = None,
    open_now: OpenNow = False,
) -> FiguresView:
    """Figures of the tickets opened from `since` until before `until`, or of those that are open now. They are kept as
    facts arrive, and some seconds behind. Who reads for their own company sees that company alone."""
    period = None if open_now else await _period(figures, since, until)
    if caller.scope_of("figure:read") is not Scope.ALL:
        company = _own_company(caller, by)
        added = await (figures.added(*period, COMPANY, company) if period else figures.open_now(COMPANY))
        own = added.get(company, Counter())
        return FiguresView.of(period, by, own, {company: own}, caller.language)
    added = await (figures.added(*period, by) if period else figures.open_now(by))
    if by == EVERYTHING:
        total = added.get(EVERYTHING, Counter())
    elif period:
        total = await figures.total(*period)
    else:
        total = (await figures.open_now(EVERYTHING)).get(EVERYTHING, Counter())
    return FiguresView.of(period, by, total, added, caller.language)


@router.get("/{figure}/tickets")
async def read_tickets_behind(
    figure: Annotated[
        str,
        Path(max_length=200, description="`opened`, `late`, `at_risk`, `resolution:breached`, `outcome:cancelled` …"),
    ],
    figures: Handlers,
    caller: MayRead,
    by: By = ALL,
    value: Value = None,
    since: Since = None,
    until: Until = None,
    open_now: OpenNow = False,
    limit: Annotated[int, Query(ge=1, le=5000, description="How many at most")] = 1000,
) -> TicketsBehind:
    """The tickets that make up a figure: what `figures` counts, ticket by ticket. `resolution:why:unassigned` are those
    that missed the target of their resolution for this reason, `cause:…` those with this cause of dissatisfaction."""
    if not is_figure(figure):
        raise NotFound.of(figure)
    period = None if open_now else await _period(figures, since, until)
    days = figures.period(*period) if period else None
    if caller.scope_of("figure:read") is not Scope.ALL:
        value, by = _own_company(caller, by), Dimension(COMPANY)
    return TicketsBehind.of(*await figures.behind(figure, days, by, value, limit))


async def _period(figures: FigureHandlers, since: date | None, until: date | None) -> tuple[date, date]:
    end = until or await figures.today() + timedelta(days=1)
    begin = since or end - DEFAULT_PERIOD
    figures.period(begin, end)
    return begin, end


def _own_company(caller: Caller, by: str) -> str:
    """Raises Forbidden for what is the desk's own business."""
    if not caller.principal.company or by not in (EVERYTHING, COMPANY):
        raise forbidden("figure:read")
    return caller.principal.company

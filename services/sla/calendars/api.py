"""Calendars over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.sla.calendars.domain import Calendar, Week
from services.sla.calendars.handlers import CalendarHandlers
from services.sla.calendars.views import CalendarView
from shared.http import Caller, may, tagged
from shared.terms import Id

router = APIRouter(tags=["sla"])


async def handlers(request: Request) -> CalendarHandlers:
    found: CalendarHandlers = request.app.state.service.calendars
    return found


Handlers = Annotated[CalendarHandlers, Depends(handlers)]


def shown(calendar: Calendar, response: Response) -> CalendarView:
    tagged(response, calendar)
    return CalendarView.of(calendar)


@router.get("/calendars/{id}")
async def read_calendar(
    id: Id, calendars: Handlers, _: Annotated[Caller, may("calendar:read")], response: Response
) -> CalendarView:
    return shown(await calendars.store.get(id), response)


@router.put("/calendars/{id}")
async def put_calendar(
    id: Id, body: Week, calendars: Handlers, caller: Annotated[Caller, may("calendar:change")], response: Response
) -> CalendarView:
    """Set the working time. Deadlines of open tickets are counted again; clocks that stopped stay as they are."""
    return shown(await calendars.put(id, body, caller.origin), response)

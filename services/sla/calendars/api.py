"""Calendars over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.sla.calendars.domain import Calendar, Week
from services.sla.calendars.handlers import CalendarHandlers
from services.sla.calendars.views import CalendarView, WeekBody
from shared.http import Caller, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/calendars", tags=["calendars"])


async def handlers(request: Request) -> CalendarHandlers:
    found: CalendarHandlers = request.app.state.service.calendars
    return found


Handlers = Annotated[CalendarHandlers, Depends(handlers)]


def shown(calendar: Calendar, response: Response) -> CalendarView:
    tagged(response, calendar)
    return CalendarView.model_validate(calendar)


@router.get("")
async def list_calendars(calendars: Handlers, _: Annotated[Caller, may("calendar:read")]) -> Page[CalendarView]:
    """List calendars by id, on one page."""
    found = sorted([calendar async for calendar in calendars.store.all()], key=lambda calendar: calendar.id)
    return Page(items=[CalendarView.model_validate(calendar) for calendar in found])


@router.get("/{calendar}")
async def read_calendar(
    calendar: Id, calendars: Handlers, _: Annotated[Caller, may("calendar:read")], response: Response
) -> CalendarView:
    """The working time that a calendar sets."""
    return shown(await calendars.store.get(calendar), response)


@router.put("/{calendar}")
async def put_calendar(
    calendar: Id,
    body: WeekBody,
    calendars: Handlers,
    caller: Annotated[Caller, may("calendar:change")],
    response: Response,
) -> CalendarView:
    """Set the working time. Deadlines of open tickets are counted again; clocks that stopped stay as they are."""
    return shown(await calendars.put(calendar, Week(**dict(body)), caller.origin), response)

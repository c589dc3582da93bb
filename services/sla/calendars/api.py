"""Calendars over HTTP."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.sla.calendars.days import day_rules
from services.sla.calendars.domain import Calendar
from services.sla.calendars.handlers import CalendarHandlers
from services.sla.calendars.views import CalendarView, DayView, WeekBody, YearBody
from shared.domain import Invalid
from shared.http import Caller, Page, may, tagged
from shared.terms import Day, Id

router = APIRouter(prefix="/v1/calendars", tags=["calendars"])
MayRead = Annotated[Caller, may("calendar:read")]
MayChange = Annotated[Caller, may("calendar:change")]
Year = Annotated[int, Path(ge=1970, le=2199, description="The year")]
MAX_SHOWN = 400  # days
SHOWN = 31


async def handlers(request: Request) -> CalendarHandlers:
    found: CalendarHandlers = request.app.state.service.calendars
    return found


Handlers = Annotated[CalendarHandlers, Depends(handlers)]


def view(calendar: Calendar, calendars: CalendarHandlers, caller: Caller) -> CalendarView:
    now = calendars.now()
    provisional = calendars.catalog.working_time(calendar.id, None).provisional_from
    return CalendarView.of(calendar, now, calendars.unknown_from(calendar, now), provisional, caller.language)


@router.get("")
async def list_calendars(calendars: Handlers, caller: MayRead) -> Page[CalendarView]:
    """List calendars by id, on one page."""
    await calendars.refresh()
    found = sorted(calendars.catalog.all(), key=lambda calendar: calendar.id)
    return Page(items=[view(calendar, calendars, caller) for calendar in found])


@router.get("/{calendar}")
async def read_calendar(calendar: Id, calendars: Handlers, caller: MayRead, response: Response) -> CalendarView:
    """The working time that a calendar sets, its versions, and whether the list of a year is wanted."""
    return await shown(calendar, calendars, caller, response)


@router.get("/{calendar}/days")
async def list_days(
    calendar: Id,
    calendars: Handlers,
    _: MayRead,
    since: Annotated[Day | None, Query(description="The first day; by default today")] = None,
    until: Annotated[Day | None, Query(description="The last day; by default 30 days later")] = None,
) -> Page[DayView]:
    """List days with their working hours and why they have them, on one page; at most 400."""
    await calendars.refresh()
    first = since or calendars.catalog.get(calendar).today(calendars.now())
    last = until or min(first + timedelta(days=SHOWN - 1), date(2199, 12, 31))
    if not timedelta() <= last - first < timedelta(days=MAX_SHOWN):
        raise Invalid(
            f"`until` must not be before `since`, and at most {MAX_SHOWN} days are shown",
            f"`until` 不得早于 `since`，且最多显示 {MAX_SHOWN} 天",
            "query.until",
        )
    hours = calendars.catalog.working_time(calendar, None)
    return Page(items=[DayView.of(rule) for rule in day_rules(hours, first, last)])


@router.put("/{calendar}")
async def put_calendar(
    calendar: Id, body: WeekBody, calendars: Handlers, caller: MayChange, response: Response
) -> CalendarView:
    """Set the working time from a day on. Deadlines of open tickets are counted again; clocks that stopped stay as
    they are."""
    await calendars.put(calendar, body.week, caller.origin, body.valid_from)
    return await shown(calendar, calendars, caller, response)


@router.put("/{calendar}/years/{year}")
async def put_year(
    calendar: Id, year: Year, body: YearBody, calendars: Handlers, caller: MayChange, response: Response
) -> CalendarView:
    """Set the days off and make-up workdays of a year, as they were announced: the whole list, in place of what was
    known of that year. Overrides still win over it. Deadlines of open tickets are counted again."""
    if body.year not in (None, year):
        raise Invalid(f"the list is of {body.year}", f"该列表是 {body.year} 年的", "body.year")
    await calendars.put_year(calendar, year, body.listed, caller.origin)
    return await shown(calendar, calendars, caller, response)


async def shown(id: str, calendars: CalendarHandlers, caller: Caller, response: Response) -> CalendarView:
    await calendars.refresh()
    found = calendars.catalog.get(id)
    tagged(response, found)
    return view(found, calendars, caller)

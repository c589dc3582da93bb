"""Calls over HTTP, for staff."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from services.intake.calls.domain import Call
from services.intake.calls.handlers import CallHandlers
from services.intake.calls.views import CallView
from services.intake.tickets.access import TicketsDep, read
from shared.domain import Invalid
from shared.http import After, Body, Caller, Limit, Page, example, may, tagged
from shared.phones import e164
from shared.terms import SUBJECT_LENGTH, Id, Moment, OptionalLine, OptionalParagraph

router = APIRouter(prefix="/v1/calls", tags=["calls"])
NUMBER = "A telephone number, with its country code or without"


async def handlers(request: Request) -> CallHandlers:
    found: CallHandlers = request.app.state.service.calls
    return found


Handlers = Annotated[CallHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("call:read")]
MayRecord = Annotated[Caller, may("call:record")]
Region = Annotated[str, Field(pattern="^[A-Z]{2}$")]


class NewCall(Body):
    model_config = example(number="138 0013 8000", began_at="2026-03-02T09:00:00+08:00", notes="Export crashes again")

    number: Annotated[str, Field(min_length=1, max_length=40)]
    """The other side's, with its country code or without"""
    region: Region = "CN"
    """Where numbers without a country code are from, as ISO 3166 calls it"""
    outbound: bool = False
    """Whether the desk called"""
    began_at: Moment
    """When the call began"""
    ended_at: Moment | None = None
    """When it ended; null while it goes on"""
    dialled: OptionalLine = ""
    """What was dialled, or the queue"""
    notes: OptionalParagraph = ""
    """What was said"""
    ticket: Id | None = None
    """The ticket that it is about"""


class TicketOfCall(Body):
    model_config = example(ticket="TK-2026-000001")

    ticket: Id
    """The ticket that the call is about"""


@router.get("")
async def list_calls(
    calls: Handlers,
    _: MayRead,
    number: Annotated[str | None, Query(description=NUMBER, max_length=40)] = None,
    agent: Annotated[str | None, Query(description="Only calls that they took", max_length=SUBJECT_LENGTH)] = None,
    ticket: Annotated[Id | None, Query(description="Only calls about this ticket")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[CallView]:
    """Calls of the hotline, the newest first."""
    query = {"agent": agent, "ticket": ticket, "number": _number(number, "CN", "query") if number else None}
    known = {name: value for name, value in query.items() if value is not None}
    found, next = await calls.store.page(known, calls.store.newest_first, after, limit)
    records = await calls.directory.with_numbers([one.number for one in found])
    return Page(items=[CallView.of(one, records) for one in found], next=next)


@router.post("", status_code=201)
async def record_call(
    body: NewCall, calls: Handlers, tickets: TicketsDep, caller: MayRecord, response: Response
) -> CallView:
    """Write down a call that no telephone system told of. The same request again is the same call."""
    if body.ticket:
        await read(tickets, caller, "ticket:read", body.ticket)
    if body.ended_at and body.ended_at < body.began_at:
        raise Invalid("The call ends before it begins", "通话结束时间早于开始时间", "body.ended_at")
    call = Call(
        id="",
        number=_number(body.number, body.region, "body"),
        dialled=body.dialled,
        agent=caller.sub,
        outbound=body.outbound,
        began_at=body.began_at,
        answered_at=body.began_at,
        ended_at=body.ended_at,
        notes=body.notes,
        recorded_by=caller.sub,
        ticket=body.ticket or "",
    )
    return await _shown(calls, await calls.write_down(call, caller.origin), response)


@router.get("/{call}")
async def read_call(call: Id, calls: Handlers, _: MayRead, response: Response) -> CallView:
    """A call of the hotline."""
    return await _shown(calls, await calls.store.get(call), response)


@router.put("/{call}/ticket")
async def put_call_on_ticket(
    call: Id, body: TicketOfCall, calls: Handlers, tickets: TicketsDep, caller: MayRecord, response: Response
) -> CallView:
    """Say which ticket the call is about."""
    await read(tickets, caller, "ticket:read", body.ticket)
    return await _shown(calls, await calls.put_on(call, body.ticket, caller.origin), response)


async def _shown(calls: CallHandlers, call: Call, response: Response) -> CallView:
    tagged(response, call)
    return CallView.of(call, await calls.directory.with_numbers([call.number]))


def _number(written: str, region: str, where: str) -> str:
    if number := e164(written, region):
        return number
    raise Invalid("This is no telephone number", "电话号码无效", f"{where}.number")

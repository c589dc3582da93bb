"""The live stream of events over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field, StringConstraints

from services.notify.stream.feed import Feed
from services.notify.stream.filters import MOST_PATTERNS, Filters, OptionalTicket, Pattern
from services.notify.stream.handlers import StreamTicketHandlers
from services.notify.stream.reader import Reader
from services.notify.stream.response import EventStream
from services.notify.stream.views import NewStreamTicket, StreamTicketView
from shared.auth import Principal
from shared.domain import Invalid
from shared.http import EMPTY_IS_NONE, Caller, May, caller_of, may
from shared.terms import OptionalLine

router = APIRouter(tags=["events"])
Sequence = Annotated[int, Field(ge=0, lt=2**63)] | None
Secret = Annotated[str, StringConstraints(max_length=100, pattern=r"^stream_[0-9a-f]*$")] | None
NOT_BUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
MayFollow = May("stream:read")


@dataclass(frozen=True)
class Follower:
    principal: Principal
    filters: Filters


async def feed_of(request: Request) -> Feed:
    feed: Feed = request.app.state.service.feed
    return feed


async def tickets_of(request: Request) -> StreamTicketHandlers:
    tickets: StreamTicketHandlers = request.app.state.service.stream_tickets
    return tickets


async def filters_of(
    events: Annotated[
        list[Pattern] | None, Query(max_length=MOST_PATTERNS, description="Only these: `ticket.opened` or `ticket.*`")
    ] = None,
    ticket: Annotated[OptionalTicket, Query(description="Only those of this ticket")] = "",
    company: Annotated[OptionalLine, Query(description="Only those of this company's tickets")] = "",
) -> Filters:
    return Filters(events=events or [], ticket=ticket, company=company)


async def follower_of(
    request: Request,
    tickets: Annotated[StreamTicketHandlers, Depends(tickets_of)],
    filters: Annotated[Filters, Depends(filters_of)],
    authorization: Annotated[str, Header()] = "",
    stream_ticket: Annotated[
        Secret, EMPTY_IS_NONE, Query(description="In place of a token, for browsers; it brings its filters with it")
    ] = None,
) -> Follower:
    """Who may follow: by their token, or once by a stream ticket that they asked for with it."""
    if stream_ticket is None:
        filters.check_filled("query.events")
        caller = await MayFollow(request, await caller_of(request, authorization))
        return Follower(caller.principal, filters)
    if filters != Filters():
        raise Invalid("The stream ticket has its filters already", "凭证已包含筛选条件", "query.stream_ticket")
    redeemed = await tickets.redeem(stream_ticket)
    return Follower(redeemed.principal, redeemed.filters)


async def reader_of(
    feed: Annotated[Feed, Depends(feed_of)],
    follower: Annotated[Follower, Depends(follower_of)],
    after: Annotated[Sequence, EMPTY_IS_NONE, Query(description="The last `id` that was seen")] = None,
    presence: Annotated[
        bool, Query(description="Also who is on which ticket, as it changes: `presence`, which has no `id`")
    ] = False,
    last_event_id: Annotated[Sequence, EMPTY_IS_NONE, Header(description="The same, as event sources send it")] = None,
) -> AsyncIterator[Reader]:
    position = after if last_event_id is None else last_event_id
    async with feed.open(position, follower.principal, follower.filters, presence) as reader:
        yield reader


@router.get("/v1/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def follow_events(
    feed: Annotated[Feed, Depends(feed_of)], reader: Annotated[Reader, Depends(reader_of)]
) -> StreamingResponse:
    """Follow events as they happen (server-sent events): `id` is the sequence in the stream, `event` the kind, `data`
    the CloudEvent. Come back with `Last-Event-ID` and nothing is missed; `reset` says that it is no longer kept."""
    return EventStream(reader, feed.chunks(reader), headers=NOT_BUFFERED, media_type="text/event-stream")


@router.post("/v1/stream-tickets", status_code=201)
async def issue_stream_ticket(
    body: NewStreamTicket,
    tickets: Annotated[StreamTicketHandlers, Depends(tickets_of)],
    caller: Annotated[Caller, may("stream:read")],
) -> StreamTicketView:
    """What an event source of a browser opens the stream with, which sends no token: it counts once, for half a minute,
    for who asked for it, and with these filters."""
    filters = Filters(events=body.events, ticket=body.ticket, company=body.company)
    return StreamTicketView.of(*await tickets.issue(caller.principal, filters, caller.origin))

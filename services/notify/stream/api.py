"""The live stream of events over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from services.notify.stream.feed import Feed
from services.notify.stream.reader import Reader
from shared.http import EMPTY_IS_NONE, Caller, may

router = APIRouter(prefix="/v1/events", tags=["events"])
Sequence = Annotated[int, Field(ge=0, lt=2**63)] | None
NOT_BUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


async def feed_of(request: Request) -> Feed:
    feed: Feed = request.app.state.service.feed
    return feed


async def reader_of(
    feed: Annotated[Feed, Depends(feed_of)],
    caller: Annotated[Caller, may("stream:read")],
    after: Annotated[Sequence, EMPTY_IS_NONE, Query(description="The last `id` that was seen")] = None,
    last_event_id: Annotated[Sequence, EMPTY_IS_NONE, Header(description="The same, as event sources send it")] = None,
) -> AsyncIterator[Reader]:
    async with feed.open(after if last_event_id is None else last_event_id, caller.principal) as reader:
        yield reader


@router.get("", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def follow_events(
    feed: Annotated[Feed, Depends(feed_of)], reader: Annotated[Reader, Depends(reader_of)]
) -> StreamingResponse:
    """Follow events as they happen (server-sent events): `id` is the sequence in the stream, `event` the kind, `data`
    the CloudEvent. Come back with `Last-Event-ID` and nothing is missed; `reset` says that it is no longer kept."""
    return StreamingResponse(feed.chunks(reader), headers=NOT_BUFFERED, media_type="text/event-stream")

"""The routes of notify."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.notify.deliveries.domain import Attempt, Delivery, State, Way
from services.notify.handlers import Notify, must_be_for
from services.notify.stream.feed import Reader
from shared.http import EMPTY_IS_NONE, After, Caller, Limit, Page, may, no_such_page, service, tagged
from shared.terms import Id

router = APIRouter(tags=["notify"])
Service = Annotated[Notify, Depends(service)]
MayRead = Annotated[Caller, may("delivery:read")]
MayFollow = Annotated[Caller, may("stream:read")]
PLACE = re.compile(r"[0-9]{13}-[0-9a-f]{32}")
Sequence = Annotated[int, Field(ge=0, lt=2**63)] | None
SIGNED = re.compile(r"(/links/)[\w.-]+")


class DeliveryView(BaseModel):
    """What was told to whom, how and when; `title` and `text` in the reader's language where there are two.

    Signed links act in the name of their recipient, so nobody else gets to see them.
    """

    id: str
    ticket: str
    event: str
    template: str
    recipient: str
    name: str
    address: str
    channels: list[Way]
    language: str
    title: str
    text: str
    state: State
    attempts: list[Attempt]
    due_at: datetime | None
    provider_id: str
    created_at: datetime
    read_at: datetime | None
    read_by: str

    @classmethod
    def of(cls, delivery: Delivery, caller: Caller) -> "DeliveryView":
        language = caller.language if caller.language in delivery.words else delivery.language
        words = delivery.words[language]
        own = delivery.is_for(caller.sub, caller.principal.roles)
        text = words.text if own else SIGNED.sub(r"\1…", words.text)
        known = {name: getattr(delivery, name) for name in cls.model_fields if hasattr(delivery, name)}
        return cls.model_validate({**known, "language": language, "title": words.title, "text": text})


@router.get("/deliveries")
async def read_deliveries(
    caller: MayRead,
    notify: Service,
    ticket: Annotated[Id | None, Query()] = None,
    mine: Annotated[bool, Query(description="only what was told to me and to my roles")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Page[DeliveryView]:
    """What was told, newest first: to staff of everybody, to others only what was told to themselves."""
    if after and not PLACE.fullmatch(after):
        raise no_such_page()
    own_only = mine or not caller.sees_all("delivery:read")
    found = await notify.inbox(caller, own_only, ticket, after, limit)
    following = found[-1].place if len(found) == limit else None
    return Page(items=[DeliveryView.of(delivery, caller) for delivery in found], next=following)


@router.get("/deliveries/{id}")
async def read_delivery(id: Id, caller: MayRead, notify: Service, response: Response) -> DeliveryView:
    delivery = await notify.deliveries.get(id)
    if not caller.sees_all("delivery:read"):
        must_be_for(delivery, caller)
    tagged(response, delivery)
    return DeliveryView.of(delivery, caller)


@router.post("/deliveries/{id}/read")
async def mark_as_read(id: Id, caller: MayRead, notify: Service, response: Response) -> DeliveryView:
    """I have read it; for a role's inbox that holds for all who share it."""
    delivery = await notify.read(id, caller)
    tagged(response, delivery)
    return DeliveryView.of(delivery, caller)


async def reader(
    notify: Service,
    caller: MayFollow,
    after: Annotated[Sequence, EMPTY_IS_NONE, Query(description="the last `id` seen")] = None,
    last_event_id: Annotated[Sequence, EMPTY_IS_NONE, Header()] = None,
) -> AsyncIterator[Reader]:
    async with notify.feed.open(after if last_event_id is None else last_event_id, caller.principal) as opened:
        yield opened


@router.get("/stream", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def follow(caller: MayFollow, notify: Service, opened: Annotated[Reader, Depends(reader)]) -> StreamingResponse:
    """Events as they happen (server-sent events): `id` is the place in the stream, `event` the kind, `data` the
    CloudEvent. Come back with `Last-Event-ID` and nothing is missed; `reset` says that the place is no longer kept."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    chunks = notify.feed.chunks(opened, caller.principal)
    return StreamingResponse(chunks, headers=headers, media_type="text/event-stream")

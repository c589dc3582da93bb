"""Deliveries over HTTP: the inboxes of people and roles."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.notify.deliveries.domain import Delivery
from services.notify.deliveries.handlers import DeliveryHandlers, check_recipient
from services.notify.deliveries.views import DeliveryView
from shared.http import After, Caller, Limit, Page, may, no_such_page, tagged
from shared.terms import Id

router = APIRouter(tags=["notify"])
MayRead = Annotated[Caller, may("delivery:read")]
PLACE = re.compile(r"[0-9]{13}-[0-9a-f]{32}")


async def handlers(request: Request) -> DeliveryHandlers:
    found: DeliveryHandlers = request.app.state.service.deliveries
    return found


Handlers = Annotated[DeliveryHandlers, Depends(handlers)]


def view(delivery: Delivery, caller: Caller) -> DeliveryView:
    own = delivery.is_for(caller.sub, caller.principal.roles)
    return DeliveryView.of(delivery, caller.language, own)


def shown(delivery: Delivery, caller: Caller, response: Response) -> DeliveryView:
    tagged(response, delivery)
    return view(delivery, caller)


@router.get("/deliveries")
async def read_deliveries(
    caller: MayRead,
    deliveries: Handlers,
    ticket: Annotated[Id | None, Query()] = None,
    mine: Annotated[bool, Query(description="only those to me and to my roles")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Page[DeliveryView]:
    """The newest first: to staff everybody's, to others only their own."""
    if after and not PLACE.fullmatch(after):
        raise no_such_page()
    own_only = mine or not caller.sees_all("delivery:read")
    found = await deliveries.inbox(caller, own_only, ticket, after, limit)
    following = found[-1].place if len(found) == limit else None
    return Page(items=[view(delivery, caller) for delivery in found], next=following)


@router.get("/deliveries/{id}")
async def read_delivery(id: Id, caller: MayRead, deliveries: Handlers, response: Response) -> DeliveryView:
    delivery = await deliveries.store.get(id)
    if not caller.sees_all("delivery:read"):
        check_recipient(delivery, caller)
    return shown(delivery, caller, response)


@router.post("/deliveries/{id}/read")
async def mark_as_read(id: Id, caller: MayRead, deliveries: Handlers, response: Response) -> DeliveryView:
    """I have read it; in a role's inbox it is then read for all who share it."""
    return shown(await deliveries.mark_read(id, caller), caller, response)

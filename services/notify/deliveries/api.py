"""Deliveries over HTTP: the inboxes of people and roles."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.notify.deliveries.domain import Delivery, inboxes
from services.notify.deliveries.handlers import DeliveryHandlers, check_recipient
from services.notify.deliveries.views import DeliveryView
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(tags=["notify"])
MayRead = Annotated[Caller, may("delivery:read")]


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
    query: dict[str, Any] = {"ticket": ticket} if ticket else {}
    if mine or not caller.sees_all("delivery:read"):
        query["recipient"] = inboxes(caller.sub, caller.principal.roles)
    found, next = await deliveries.store.page(query, deliveries.store.newest_first, after, limit)
    return Page(items=[view(delivery, caller) for delivery in found], next=next)


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

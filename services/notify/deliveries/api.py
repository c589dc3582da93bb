"""Notifications over HTTP: the inboxes of people and roles."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.notify.deliveries.domain import Delivery, DeliveryState, inboxes
from services.notify.deliveries.handlers import DeliveryHandlers, check_recipient
from services.notify.deliveries.views import NotificationView
from shared.http import After, Caller, Limit, Page, Sort, Sorted, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/notifications", tags=["notifications"])
MayRead = Annotated[Caller, may("notification:read")]


async def handlers(request: Request) -> DeliveryHandlers:
    found: DeliveryHandlers = request.app.state.service.deliveries
    return found


Handlers = Annotated[DeliveryHandlers, Depends(handlers)]


def view(delivery: Delivery, caller: Caller) -> NotificationView:
    own = delivery.is_for(caller.sub, caller.principal.roles)
    return NotificationView.of(delivery, caller.language, own)


def shown(delivery: Delivery, caller: Caller, response: Response) -> NotificationView:
    tagged(response, delivery)
    return view(delivery, caller)


@router.get("")
async def list_notifications(
    caller: MayRead,
    deliveries: Handlers,
    ticket: Annotated[Id | None, Query(description="Only about this ticket")] = None,
    state: Annotated[DeliveryState | None, Query(description="Only in this state")] = None,
    mine: Annotated[bool, Query(description="Only to me and to my roles")] = False,
    sort: Sorted = Sort.NEWEST,
    after: After = None,
    limit: Limit = 50,
) -> Page[NotificationView]:
    """List notifications, the newest first or the oldest: to staff everybody's, to others only their own."""
    query: dict[str, Any] = {"ticket": ticket} if ticket else {}
    if state:
        query["state"] = state.value
    if mine or not caller.sees_all("notification:read"):
        query["recipient"] = inboxes(caller.sub, caller.principal.roles)
    order = deliveries.store.oldest_first if sort is Sort.OLDEST else deliveries.store.newest_first
    found, next = await deliveries.store.page(query, order, after, limit)
    return Page(items=[view(delivery, caller) for delivery in found], next=next)


@router.get("/{notification}")
async def read_notification(
    notification: Id, caller: MayRead, deliveries: Handlers, response: Response
) -> NotificationView:
    """Who is notified of what, and what became of it."""
    delivery = await deliveries.store.get(notification)
    if not caller.sees_all("notification:read"):
        check_recipient(delivery, caller)
    return shown(delivery, caller, response)


@router.post("/{notification}/read")
async def mark_notification_read(
    notification: Id, caller: MayRead, deliveries: Handlers, response: Response
) -> NotificationView:
    """Mark it as read; in a role's inbox it is then read for all who share it."""
    return shown(await deliveries.mark_read(notification, caller), caller, response)

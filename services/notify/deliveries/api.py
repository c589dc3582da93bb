"""Notifications over HTTP: the inboxes of people and roles."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import Delivery, DeliveryState, inboxes
from services.notify.deliveries.handlers import DeliveryHandlers, check_recipient
from services.notify.deliveries.resending import MOST_AT_ONCE, sent_by
from services.notify.deliveries.views import NewRedeliveries, NotificationView, Redelivered, RedeliveredOne
from shared.domain import Invalid
from shared.http import After, Caller, Limit, Page, Sort, Sorted, may, tagged
from shared.terms import Id

router = APIRouter(tags=["notifications"])
Kind = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z_.]+$")]
Recipient = Annotated[str, StringConstraints(min_length=1, max_length=400)]
MayResend = Annotated[Caller, may("notification:resend")]
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


def matching(channel: DeliveryChannel | None, **values: str | None) -> dict[str, Any]:
    known: dict[str, Any] = {name: str(value) for name, value in values.items() if value}
    return known | ({"channels": sent_by(channel)} if channel else {})


@router.get("/v1/notifications")
async def list_notifications(
    caller: MayRead,
    deliveries: Handlers,
    ticket: Annotated[Id | None, Query(description="Only about this ticket")] = None,
    state: Annotated[DeliveryState | None, Query(description="Only in this state")] = None,
    channel: Annotated[DeliveryChannel | None, Query(description="Only by this channel")] = None,
    event: Annotated[Kind | None, Query(description="Only of this kind of event")] = None,
    template: Annotated[Kind | None, Query(description="Only with this text")] = None,
    recipient: Annotated[Recipient | None, Query(description="Only to this recipient")] = None,
    mine: Annotated[bool, Query(description="Only to me and to my roles")] = False,
    sort: Sorted = Sort.NEWEST,
    after: After = None,
    limit: Limit = 50,
) -> Page[NotificationView]:
    """List notifications, the newest first or the oldest: to staff everybody's, to others only their own."""
    query = matching(channel, ticket=ticket, state=state, event=event, template=template, recipient=recipient)
    if mine or not caller.sees_all("notification:read"):
        own = inboxes(caller.sub, caller.principal.roles)
        query["recipient"] = [one for one in own if recipient in (None, one)]
    order = deliveries.store.oldest_first if sort is Sort.OLDEST else deliveries.store.newest_first
    found, next = await deliveries.store.page(query, order, after, limit)
    return Page(items=[view(delivery, caller) for delivery in found], next=next)


@router.get("/v1/notifications/{notification}")
async def read_notification(
    notification: Id, caller: MayRead, deliveries: Handlers, response: Response
) -> NotificationView:
    """Who is notified of what, and what became of it."""
    delivery = await deliveries.store.get(notification)
    if not caller.sees_all("notification:read"):
        check_recipient(delivery, caller)
    return shown(delivery, caller, response)


@router.post("/v1/notifications/{notification}/read")
async def mark_notification_read(
    notification: Id, caller: MayRead, deliveries: Handlers, response: Response
) -> NotificationView:
    """Mark it as read; in a role's inbox it is then read for all who share it."""
    return shown(await deliveries.mark_read(notification, caller), caller, response)


@router.post("/v1/notifications/{notification}/redelivery", status_code=202)
async def redeliver_notification(
    notification: Id, caller: MayResend, deliveries: Handlers, response: Response
) -> NotificationView:
    """Send it once more, now, by the channel that was tried last and under the same id."""
    return shown(await deliveries.send_again(notification, caller.origin), caller, response)


@router.post("/v1/notification-redeliveries", status_code=202)
async def redeliver_notifications(body: NewRedeliveries, caller: MayResend, deliveries: Handlers) -> Redelivered:
    """Send those that match once more, the oldest first, 100 at most; each is answered for itself. What is being sent
    already is not sent twice: the same request goes on where there are more."""
    if body.notifications and body.model_fields_set != {"notifications"}:
        raise Invalid(
            "Name notifications, or say what to look for", "请指定通知编号或筛选条件之一", "body.notifications"
        )
    query = matching(body.channel, **body.model_dump(exclude={"channel", "notifications"}))
    found = body.notifications or await deliveries.found(query)
    done = await deliveries.send_all_again(found[:MOST_AT_ONCE], caller.origin)
    items = [RedeliveredOne.of(id, result, caller.language) for id, result in done]
    return Redelivered(items=items, has_more=len(found) > MOST_AT_ONCE)

"""Mails that came back after the mail server had taken them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import BOUNCED, Attempt, Delivery, DeliveryState
from services.notify.deliveries.store import Deliveries
from services.notify.suspended_addresses.domain import is_for_good
from services.notify.suspended_addresses.handlers import SuspendedAddressHandlers
from shared.events import Event, MailBounced, NotifyFailed, TicketMailBounced, wire_time

GONE_OUT = (DeliveryState.SENT, DeliveryState.READ)


@dataclass(frozen=True)
class Bounces:
    """`silent`: what follows is told by later events, while a lost database is rebuilt."""

    store: Deliveries
    addresses: SuspendedAddressHandlers
    silent: bool = False

    async def hear(self, event: TicketMailBounced | MailBounced) -> None:
        """What did not reach the address that it was sent to; where that was forwarded, it is another one. The address
        first: what the delivery leads to is planned without it."""
        delivery = await self.store.find(event.delivery)
        if delivery is None or not _was_sent_to(delivery, event.recipient):
            return
        if isinstance(event, TicketMailBounced) and delivery.ticket != event.subject:
            return
        if is_for_good(event.status):
            ticket = delivery.ticket or next((one.ticket for one in reversed(delivery.items)), "")
            await self.addresses.suspend(delivery.address, event.status, ticket, delivery.id, event.time)
        came_back = partial(was_bounced if self.silent else bounced, status=event.status, now=event.time)
        await self.store.change(delivery.id, came_back, event)


def _was_sent_to(delivery: Delivery, recipient: str) -> bool:
    return delivery.channel is DeliveryChannel.EMAIL and delivery.address.lower() == recipient.lower()


def bounced(delivery: Delivery, status: str, now: datetime) -> list[Event]:
    """It goes by their messenger, where they have one; else it has failed. Who has read it online knows it."""
    if delivery.state not in GONE_OUT or delivery.channel is not DeliveryChannel.EMAIL:
        return []
    error = f"{BOUNCED} {status}".strip()
    delivery.attempts.append(Attempt(at=now, error=error, channel=DeliveryChannel.EMAIL))
    if delivery.read_at is None and delivery.other_way():
        delivery.state, delivery.due_at = DeliveryState.QUEUED, wire_time(now)
        return []
    delivery.state = DeliveryState.BOUNCED
    if delivery.read_at:
        return []
    return [NotifyFailed(time=now, error=error, **one) for one in delivery.event_fields()]


def was_bounced(delivery: Delivery, status: str, now: datetime) -> list[Event]:
    delivery.state, delivery.due_at = DeliveryState.BOUNCED, None
    delivery.attempts.append(Attempt(at=now, error=f"{BOUNCED} {status}".strip(), channel=DeliveryChannel.EMAIL))
    return []

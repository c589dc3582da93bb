"""Customers whom a notification did not reach: somebody at the desk telephones them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.notify.audiences.domain import Audience
from services.notify.audiences.handlers import AudienceHandlers
from services.notify.channels.domain import DeliveryChannel
from services.notify.contact_tasks.domain import ContactReason, contact_item
from services.notify.contact_tasks.handlers import ContactTaskHandlers
from services.notify.deliveries.domain import BOUNCED, Delivery, DeliveryState
from services.notify.deliveries.rebuilding import restore_outcome
from services.notify.deliveries.store import Deliveries
from services.notify.deliveries.telephoned import ON_FAILURE, telephoned
from shared.domain import Origin
from shared.events import ContactErased, NotifyContactTaskDone, NotifyFailed

SELF = Origin.service("notify")


@dataclass(frozen=True)
class Unreached:
    store: Deliveries
    audiences: AudienceHandlers
    tasks: ContactTaskHandlers

    async def put(self, delivery: Delivery, audience: Audience | None, now: datetime) -> None:
        """Where it is to be told by telephone from the start."""
        if audience and delivery.channel is DeliveryChannel.TELEPHONE and delivery.state is DeliveryState.QUEUED:
            await self._put(delivery, audience, ContactReason.NO_ADDRESS, now)

    async def hear_failure(self, event: NotifyFailed) -> None:
        """All channels of theirs refused it, or it came back."""
        delivery = await self.store.find(event.delivery)
        if delivery and delivery.held_until and not delivery.read_at:  # what became of the digest that told it
            delivery = await self.store.change(delivery.id, partial(restore_outcome, event=event), event)
        if delivery is None or delivery.read_at or delivery.template not in ON_FAILURE:
            return
        audience = await self.audiences.store.find(delivery.ticket)
        if audience and audience.customer.id == delivery.recipient:
            is_bounced = event.error.startswith(BOUNCED)  # of one in a digest, it is the digest that came back
            reason = ContactReason.BOUNCED if is_bounced else ContactReason.FAILED
            await self._put(delivery, audience, reason, event.time, event.error)

    async def hear_done(self, event: NotifyContactTaskDone) -> None:
        for id in event.deliveries:
            if await self.store.find(id):
                told = partial(telephoned, reached=event.reached, now=event.time)
                await self.store.change(id, told, event)

    async def forget(self, event: ContactErased) -> None:
        await self.tasks.forget(event)

    async def _put(
        self, delivery: Delivery, audience: Audience, reason: ContactReason, now: datetime, error: str = ""
    ) -> None:
        said = delivery.words[delivery.language]
        item = contact_item(delivery.id, delivery.template, reason, said.title, said.text, error, now)
        await self.tasks.put(audience, item)

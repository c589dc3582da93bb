"""Escalating what nobody acknowledges: sent once more by the person's other way, then told to leads, and to admins too.

Who reads it in their inbox has acknowledged it; so has who reads that it was not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.notify.audiences.handlers import AudienceHandlers
from services.notify.deliveries.domain import Delivery
from services.notify.deliveries.escalation import SENT_AGAIN, Escalation
from services.notify.deliveries.resending import remind
from services.notify.deliveries.store import Deliveries, Escalations
from shared.domain import Origin
from shared.events import ContactErased

TEMPLATE = "unacknowledged"
SELF = Origin.service("notify")


@dataclass(frozen=True)
class EscalationHandlers:
    store: Escalations
    deliveries: Deliveries
    audiences: AudienceHandlers
    every: timedelta
    now: Callable[[], datetime]

    async def start(self, delivery: Delivery) -> None:
        """Once."""
        new = Escalation(
            id=delivery.id,
            ticket=delivery.ticket,
            recipient=delivery.recipient,
            name=delivery.name,
            title=delivery.words[delivery.language].title,
            due_at=delivery.created_at + self.every,
            created_at=delivery.created_at,
        )
        await self.store.add(new, [], SELF)

    async def when_due(self, ids: Sequence[str]) -> None:
        for id in ids:
            if found := await self.store.find(id):
                await self._step(found)

    async def forget(self, event: ContactErased) -> None:
        for ticket in event.tickets:
            for one in await self.store.where({"ticket": ticket}):
                await self.store.change(one.id, Escalation.forget, event)

    async def _step(self, one: Escalation) -> None:
        """The reminder before the step is on record: after a crash between the two it is sent once more."""
        if because := await self._why_it_ends(one):
            await self.store.change(one.id, partial(Escalation.end, because=because), SELF)
            return
        if one.steps < SENT_AGAIN:
            await self.deliveries.change(one.id, partial(remind, now=self.now()), SELF)
        await self.store.change(one.id, partial(Escalation.step, now=self.now(), every=self.every), SELF)

    async def _why_it_ends(self, one: Escalation) -> str:
        """Empty while it does not."""
        delivery = await self.deliveries.find(one.id)
        if delivery is None:
            return "given_up"
        if delivery.read_at:
            return "acknowledged"
        audience = await self.audiences.store.find(one.ticket)
        if audience and audience.assignee and audience.assignee.sub != one.recipient:
            return "passed_on"
        told = await self.deliveries.where({"ticket": one.ticket, "template": TEMPLATE})
        is_known = any(notice.read_at and notice.created_at >= one.created_at for notice in told)
        return "acknowledged" if is_known else ""

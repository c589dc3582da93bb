"""Keeping the audience of every ticket."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from services.notify.audiences import facts
from services.notify.audiences.domain import Audience
from services.notify.audiences.store import Audiences
from shared.domain import NotFound
from shared.events import ContactErased, Event, TicketOpened
from shared.telemetry import REUSED

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class AudienceHandlers:
    store: Audiences

    async def audience_of(self, event: Event) -> Audience:
        """Of the event's ticket, which has heard the event. Raises NotFound."""
        if isinstance(event, TicketOpened):
            return await self.register(event)
        if type(event) in facts.FACTS:
            return await self.hear(event)
        return await self.store.get(event.subject)

    async def register(self, event: TicketOpened) -> Audience:
        audience = await self.store.add(Audience.of(event), [], event)
        if audience.opened in ("", event.id):
            return audience
        REUSED.labels("notify").inc()
        logger.error("%s was opened a second time, by %s: nobody is notified of it", event.subject, event.id)
        return await self.hear(event)

    async def forget(self, ticket: str, event: ContactErased) -> None:
        with suppress(NotFound):
            await self.store.change(ticket, Audience.forget_customer, event)

    async def hear(self, event: Event) -> Audience:
        return await self.store.change(event.subject, partial(facts.hear, event=event), event)

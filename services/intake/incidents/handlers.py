"""News of incidents are written on the tickets that are part of them, each in the language of its customer."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from services.intake.conversation import domain
from services.intake.incidents import words
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.handlers import INTAKE, TicketHandlers
from services.intake.tickets.values import DESK, Author
from shared.domain import NotFound
from shared.events import Event, IncidentTicketAdded, IncidentUpdated
from shared.service import Runtime
from shared.terms import Stage

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class IncidentHandlers:
    tickets: TicketHandlers

    def listen(self, runtime: Runtime) -> None:
        runtime.on(IncidentTicketAdded, self.post_known)
        runtime.on(IncidentUpdated, self.post_update)

    async def post_known(self, event: IncidentTicketAdded) -> None:
        """That the problem is known: who has several of the tickets is notified once."""
        broadcast = f"{event.incident}.known"
        await self._write(event.subject, partial(words.notice, event), DESK, broadcast, True, event)

    async def post_update(self, event: IncidentUpdated) -> None:
        author = Author(event.actor, event.author_name, by_staff=True)
        for ticket in event.tickets:
            with suppress(NotFound):
                await self._write(ticket, event.text.in_, author, event.update, False, event)

    async def _write(
        self, number: str, text: Callable[[str], str], author: Author, broadcast: str, automatic: bool, event: Event
    ) -> None:
        """Not where the ticket is over. There may be no room left on it: then the log says it."""

        def decide(ticket: Ticket) -> list[Event]:
            if ticket.stage is Stage.ARCHIVED or ticket.merged_into:
                return []
            said = text(ticket.contact.language)
            posted = domain.post(ticket, said, author, False, ticket.channel, self.tickets.now())
            marks = {"broadcast": broadcast, "automatic": automatic}
            return [one.model_copy(update=marks) for one in posted]

        by = replace(INTAKE, actor=author.id, cause=event.id, key=f"{event.id}/{number}")
        try:
            await self.tickets.store.change(number, decide, by)
        except LimitReached:
            logger.warning("%s has no room for news of an incident: %s", number, by.key)

"""Writing on tickets, also on those that cannot be reopened any more."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.intake.conversation import domain
from services.intake.tickets.closing import TooLateToReopen
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.handlers import INTAKE, TicketHandlers
from services.intake.tickets.values import DESK, Author
from shared.domain import Origin
from shared.events import Event, Problem
from shared.http import repeatable
from shared.store import Allow
from shared.terms import Channel

logger = logging.getLogger(__name__)
TAKEN_OVER = ("title", "product", "product_version", "module", "environment")  # from the problem of the old ticket


@dataclass(frozen=True)
class ConversationHandlers:
    tickets: TicketHandlers

    async def post(
        self,
        number: str,
        text: str,
        author: Callable[[Ticket], Author],
        internal: bool,
        by: Origin,
        allow: Allow[Ticket],
        channel: Channel = Channel.ONLINE,
    ) -> Ticket:
        """The ticket on which it stands now: what a customer writes on one that cannot be reopened any more begins a
        new one, linked to it. Without a key the same words within a minute are written once."""
        by, within = repeatable(by), self.tickets.settings.reopen_within

        def decide(ticket: Ticket) -> list[Event]:
            return domain.post(ticket, text, author(ticket), internal, channel, self.tickets.now(), within)

        try:
            return await self.tickets.store.change(number, decide, by, allow)
        except TooLateToReopen:
            old = await self.tickets.store.get(number)
        by = replace(by, if_match=None)
        if old.followed_by:
            return await self.post(old.followed_by, text, author, internal, by, allow, channel)
        problem = Problem(description=text, **{name: getattr(old.problem, name) for name in TAKEN_OVER})
        taken_by = author(old).recorded_by or f"channel:{channel}"
        new, _ = await self.tickets.open(problem, old.company, old.contact, channel, taken_by, by, after=old.id)
        await self.tickets.store.change(old.id, lambda ticket: ticket.continue_in(new.id), INTAKE)
        return new

    async def note(self, number: str, text: str, by: Origin) -> None:
        """What the desk itself has to say to staff. There may be no room left on the ticket: then the log says it."""
        try:
            await self.post(number, text, lambda _: DESK, True, by, lambda _: None)
        except LimitReached:
            logger.warning("%s has no room for a note: %s", number, by.key)

"""Following links."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.intake.conversation.handlers import ConversationHandlers
from services.intake.links import domain
from services.intake.pages.layout import Pages
from services.intake.settings import IntakeSettings
from services.intake.tickets.closing import MovedOn
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.values import Author
from shared.domain import Origin
from shared.links import Link, Links
from shared.telemetry import about_ticket
from shared.terms import Channel, Satisfaction


@dataclass(frozen=True)
class LinkHandlers:
    conversation: ConversationHandlers
    links: Links
    pages: Pages
    settings: IntakeSettings
    now: Callable[[], datetime]

    @property
    def tickets(self) -> TicketHandlers:
        return self.conversation.tickets

    async def open(self, token: str) -> tuple[Link, Ticket]:
        """Raises NotFound, LinkEnded, and WrongState when there is nothing left to ask."""
        link = self._read(token)
        ticket = await self.tickets.store.get(link.ticket)
        domain.require_unused(ticket, link)
        return link, ticket

    async def act(
        self, token: str, satisfaction: Satisfaction | None, comment: str, accepted: bool | None = None
    ) -> tuple[Link, Ticket]:
        """`accepted` is the word on a solution, None: the one that the link is named for. Once: the same link again
        changes nothing. On a merged ticket it decides nothing any more; what was said goes
        to the ticket that it was merged into. Raises NotFound, LinkEnded, and what the ticket refuses."""
        link = self._read(token)
        link = domain.decided(link, accepted)
        by = Origin(link.sub, f"link:{link.nonce}", f"link/{link.nonce}/{link.action}/{satisfaction or ''}")
        given = partial(domain.act, link=link, satisfaction=satisfaction, comment=comment)
        decide = partial(given, now=self.now(), feedback_wait=self.settings.feedback_wait)
        try:
            return link, await self.tickets.store.change(
                link.ticket, decide, by, partial(domain.require_valid, link=link)
            )
        except MovedOn:
            merged = await self.tickets.store.get(link.ticket)
        said, who = domain.words(link, comment), Author.of(merged.contact)
        await self.conversation.forward(merged, said, who, by, Channel.EMAIL)
        return link, await self.tickets.store.get(link.ticket)

    def _read(self, token: str) -> Link:
        link = self.links.read(token, self.now())
        about_ticket(link.ticket)
        return link

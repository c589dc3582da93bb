"""Following links."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.datastructures import UploadFile

from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.multipart import add_each
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.links import domain, invitations
from services.intake.pages.layout import Pages
from services.intake.settings import IntakeSettings
from services.intake.third_parties.handlers import ThirdPartyHandlers
from services.intake.tickets.closing import MovedOn
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.values import Author
from shared.domain import Origin, Refusal
from shared.links import Link, Links
from shared.telemetry import about_ticket
from shared.terms import Channel


@dataclass(frozen=True)
class LinkHandlers:
    conversation: ConversationHandlers
    attachments: AttachmentHandlers
    third_parties: ThirdPartyHandlers
    links: Links
    pages: Pages
    settings: IntakeSettings
    now: Callable[[], datetime]

    @property
    def tickets(self) -> TicketHandlers:
        return self.conversation.tickets

    async def open(self, token: str) -> tuple[Link, Ticket]:
        """Raises NotFound, LinkEnded, and WrongState when there is nothing left to ask."""
        link = self.read(token)
        return link, await self.still_open(link)

    async def still_open(self, link: Link) -> Ticket:
        """Raises NotFound, LinkEnded, WrongState."""
        ticket = await self.tickets.store.get(link.ticket)
        domain.require_unused(ticket, link)
        return ticket

    async def act(self, link: Link, said: domain.Said) -> Ticket:
        """Once: the same again changes nothing. On a merged ticket it decides nothing any more; what was said goes
        to the ticket that it was merged into. Raises LinkEnded, and what the ticket refuses."""
        link = domain.decided(link, said.accepted)
        by = self._origin(link, said)
        given = partial(domain.act, link=link, said=said, forms=await self.tickets.forms.known())
        decide = partial(given, now=self.now(), feedback_wait=self.settings.feedback_wait)
        try:
            return await self.tickets.store.change(link.ticket, decide, by, partial(domain.require_valid, link=link))
        except MovedOn:
            merged = await self.tickets.store.get(link.ticket)
        words, who = domain.words(merged, link, said), Author.of(merged.contact)
        await self.conversation.forward(merged, words, who, by, Channel.EMAIL)
        return await self.tickets.store.get(link.ticket)

    async def answer_invitation(self, link: Link, said: str, comment: str) -> None:
        """Raises NotFound, Invalid."""
        decide = partial(invitations.answer, link=link, said=said, comment=comment, now=self.now())
        await self.tickets.store.change(link.ticket, decide, Origin(link.sub, f"link:{link.nonce}"))

    async def add_files(self, link: Link, said: domain.Said, files: Sequence[UploadFile]) -> Refusal | None:
        """After what was said, each once: why not all could be added."""
        if link.action not in domain.TAKE_FILES:
            return None
        try:
            await add_each(self.attachments, link.ticket, files, lambda _: False, self._origin(link, said))
        except Refusal as refusal:
            return refusal
        return None

    def _origin(self, link: Link, said: domain.Said) -> Origin:
        key = f"link/{link.nonce}/{link.action}/{said.satisfaction or said.digest}"
        return Origin(link.sub, f"link:{link.nonce}", key)

    def read(self, token: str) -> Link:
        """Raises NotFound, LinkEnded."""
        link = self.links.read(token, self.now())
        about_ticket(link.ticket)
        return link

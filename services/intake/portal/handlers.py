"""What the customers' pages ask and do."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from starlette.datastructures import UploadFile

from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.multipart import add_each
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.deflection.handlers import DeflectionHandlers, Shown, theirs
from services.intake.deflection.similar import Row
from services.intake.pages.layout import Pages
from services.intake.portal.provider import Provider
from services.intake.portal.settings import SignInSettings
from services.intake.tickets.access import author, check_access, is_staff
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.values import Author
from shared.bus import Bus
from shared.domain import Origin, Unavailable
from shared.events import AskClockTargets, ClockTarget, ClockTargets, Contact, Problem
from shared.http import Caller
from shared.service import Runtime
from shared.terms import Channel

PAGE = 25
ASK_WITHIN = 0.5  # seconds


@dataclass(frozen=True)
class PortalHandlers:
    tickets: TicketHandlers
    conversation: ConversationHandlers
    attachments: AttachmentHandlers
    deflection: DeflectionHandlers
    bus: Bus
    provider: Provider
    pages: Pages
    secret: str

    @classmethod
    def wired(
        cls,
        runtime: Runtime,
        deflection: DeflectionHandlers,
        conversation: ConversationHandlers,
        attachments: AttachmentHandlers,
        pages: Pages,
        secret: str,
    ) -> "PortalHandlers":
        provider = Provider(SignInSettings())
        return cls(conversation.tickets, conversation, attachments, deflection, runtime.bus, provider, pages, secret)

    async def newest(self, caller: Caller, after: str | None) -> tuple[list[Row], str | None]:
        """The newest first: their company's, for who may see those, else their own."""
        rows, next = await self.tickets.store.newest(theirs(caller), (None, None), after, PAGE)
        return [*rows], next

    async def suggest(self, caller: Caller, title: str, description: str) -> tuple[Shown, list[Row]]:
        """Articles that may solve it, and open tickets that look alike."""
        return await asyncio.gather(
            self.deflection.suggest(caller.sub, title, description), self.deflection.open_like(caller, title)
        )

    async def targets(self, number: str) -> list[ClockTarget]:
        """None when sla does not answer in time: the page goes without."""
        try:
            found = await self.bus.ask("sla.promises", AskClockTargets(ticket=number), ClockTargets, within=ASK_WITHIN)
        except Unavailable:
            return []
        return found.promises

    async def open(self, caller: Caller, problem: Problem, by: Origin) -> Ticket:
        who = caller.principal
        contact = Contact(name=who.name or who.sub, sub=who.sub, email=who.email, language=caller.language)
        channel = Channel.ONLINE
        ticket, _ = await self.tickets.open(problem, who.company, contact, channel, f"channel:{channel}", by)
        return ticket

    async def say(self, caller: Caller, number: str, text: str, by: Origin) -> Ticket:
        """The ticket on which it stands now."""

        def writer(ticket: Ticket) -> Author:
            return author(caller, check_access(caller, "message:post", ticket))

        return await self.conversation.post(number, text, writer, False, by, writer)

    async def add_files(self, caller: Caller, number: str, files: Sequence[UploadFile], by: Origin) -> None:
        await add_each(self.attachments, number, files, partial(is_staff, caller, "attachment:add"), by)

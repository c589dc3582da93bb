"""What the customers' pages ask and do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from starlette.datastructures import UploadFile

from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.multipart import add_each
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.pages.layout import Pages
from services.intake.portal.provider import Provider
from services.intake.portal.similar import Row, similar
from services.intake.tickets.access import author, check_access, is_staff
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.values import Author
from shared.auth import Scope
from shared.bus import Bus
from shared.domain import Origin, Unavailable
from shared.events import AskPromises, Contact, Problem, Promise, Promises
from shared.http import Caller
from shared.terms import Channel, Stage

PAGE, MOST_COMPARED = 25, 100
ASK_WITHIN = 0.5  # seconds
OPEN = [stage.value for stage in Stage if stage is not Stage.ARCHIVED]


@dataclass(frozen=True)
class PortalHandlers:
    tickets: TicketHandlers
    conversation: ConversationHandlers
    attachments: AttachmentHandlers
    bus: Bus
    provider: Provider
    pages: Pages
    secret: str

    async def newest(self, caller: Caller, after: str | None) -> tuple[list[Row], str | None]:
        """The newest first: their company's, for who may see those, else their own."""
        rows, next = await self.tickets.store.newest(_theirs(caller), (None, None), after, PAGE)
        return [*rows], next

    async def similar(self, caller: Caller, title: str) -> list[Row]:
        """Of the newest open tickets that they may read."""
        wanted = {**_theirs(caller), "stage": OPEN}
        rows, _ = await self.tickets.store.newest(wanted, (None, None), None, MOST_COMPARED)
        return similar(rows, title)

    async def promises(self, number: str) -> list[Promise]:
        """None when sla does not answer in time: the page goes without."""
        try:
            found = await self.bus.ask("sla.promises", AskPromises(ticket=number), Promises, within=ASK_WITHIN)
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


def _theirs(caller: Caller) -> dict[str, str | list[str]]:
    if caller.scope_of("ticket:read") is Scope.COMPANY and caller.principal.company:
        return {"company": caller.principal.company}
    return {"contact.sub": caller.sub}

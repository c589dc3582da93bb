"""Writing on tickets, also on those that cannot be reopened any more."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from services.intake.conversation import domain
from services.intake.information.domain import extract
from services.intake.tickets.closing import MovedOn, TooLateToReopen, name_messages
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.handlers import INTAKE, TicketHandlers, being_changed, goes_on_as
from services.intake.tickets.values import DESK, Author
from shared.domain import Origin
from shared.events import Event, Problem
from shared.http import repeatable
from shared.store import Allow
from shared.terms import Channel
from shared.texts import off_loop

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
        reply_to: str = "",
    ) -> Ticket:
        """The ticket on which it stands now: what a customer writes on one that cannot be reopened any more begins a
        new one, linked to it. Without a key the same words within a minute are written once."""
        by, within, forms = repeatable(by), self.tickets.settings.reopen_within, await self.tickets.forms.known()
        if not internal:
            await off_loop(len(text), extract, "", text)  # and it is remembered

        def decide(ticket: Ticket) -> list[Event]:
            now = self.tickets.now()
            return domain.post(
                ticket, text, author(ticket), internal, channel, now, within, forms=forms, reply_to=reply_to
            )

        try:
            return await self.tickets.store.change(number, decide, by, allow)
        except MovedOn:
            return await self._post_on(number, text, author, by, channel)
        except TooLateToReopen:
            old = await self.tickets.store.get(number)
        by = replace(by, if_match=None)
        if old.followed_by:
            return await self.post(old.followed_by, text, author, internal, by, allow, channel, reply_to)
        return await self._begin_new(old, old.id, text, author(old).recorded_by, by, channel, reply_to)

    async def forward(self, ticket: Ticket, text: str, author: Author, by: Origin, channel: Channel) -> Ticket:
        """What was written on a merged ticket, on the one that it goes on as. Once: that one knows the key, and so does
        the merged one from then on, which names the message; so it is not written again either after the merge was
        undone. The answer is the merged ticket, or a new one where even the other is closed for good. Raises
        LimitReached, and Conflict when a merge comes in between."""
        store, within, now = self.tickets.store, self.tickets.settings.reopen_within, self.tickets.now()
        by, into = replace(by, if_match=None), await goes_on_as(self.tickets.store, ticket)

        def decide(other: Ticket) -> list[Event]:
            return domain.post(other, text, author, False, channel, now, within, via=ticket.id)

        try:
            found = await store.change(into, decide, by)
        except TooLateToReopen:
            if ticket.followed_by:
                return await self.post(ticket.followed_by, text, lambda _: author, False, by, lambda _: None, channel)
            return await self._begin_new(ticket, into, text, author.recorded_by, by, channel)
        except MovedOn:  # just now
            raise being_changed(into) from None
        named = [one.id for one in found.messages if one.via == ticket.id]
        return await store.change(ticket.id, lambda merged: name_messages(merged, found.id, named), by)

    async def _post_on(
        self, number: str, text: str, author: Callable[[Ticket], Author], by: Origin, channel: Channel
    ) -> Ticket:
        ticket = await self.tickets.store.get(number)
        if not ticket.merged_into:
            raise being_changed(number)
        return await self.forward(ticket, text, author(ticket), by, channel)

    async def _begin_new(
        self, old: Ticket, after: str, text: str, recorded_by: str, by: Origin, channel: Channel, reply_to: str = ""
    ) -> Ticket:
        """Taken by who wrote it down, so that a machine client can post on it again."""
        problem = Problem(description=text, **{name: getattr(old.problem, name) for name in TAKEN_OVER})
        taken_by = recorded_by or f"channel:{channel}"
        new, _ = await self.tickets.open(
            problem, old.company, old.contact, channel, taken_by, by, after=after, reply_to=reply_to
        )
        await self.tickets.store.change(old.id, partial(domain.continue_in, number=new.id), INTAKE)
        return new

    async def note(self, number: str, text: str, by: Origin) -> None:
        """What the desk itself has to say to staff. There may be no room left on the ticket: then the log says it."""
        try:
            await self.post(number, text, lambda _: DESK, True, by, lambda _: None)
        except LimitReached:
            logger.warning("%s has no room for a note: %s", number, by.key)

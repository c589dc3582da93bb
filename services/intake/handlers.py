"""Everything that intake can do."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.intake.attachments.handlers import Attachments
from services.intake.conversation import domain as conversation
from services.intake.customers.domain import LINKED, earlier_than, identify
from services.intake.customers.handlers import Directory
from services.intake.links import domain as invitations
from services.intake.tickets import closing
from services.intake.tickets.closing import TooLateToReopen
from services.intake.tickets.domain import Ticket
from services.intake.tickets.numbers import Numbers
from services.intake.tickets.store import Tickets
from services.intake.tickets.values import Speaker
from shared.domain import Conflict, NotFound, Origin
from shared.events import Contact, Event, Problem, TicketOpened
from shared.http import repeatable
from shared.http.caller import SAME_REQUEST_WITHIN
from shared.links import Link, Links
from shared.telemetry import REUSED
from shared.terms import Channel, Satisfaction

logger = logging.getLogger(__name__)
KEPT = ("title", "product", "product_version", "module", "environment")  # of a problem that comes back
OWN = Origin.service("intake")
E = TypeVar("E", bound=Event)
Decide = Callable[[Ticket], list[Event]]
Allow = Callable[[Ticket], object]


@dataclass(frozen=True)
class Intake:
    tickets: Tickets
    directory: Directory
    numbers: Numbers
    attachments: Attachments
    links: Links
    now: Callable[[], datetime]

    # ---- what people ask for

    async def open(
        self,
        problem: Problem,
        company: str,
        contact: Contact,
        channel: Channel,
        taken_by: str,
        by: Origin,
        after: str = "",
    ) -> tuple[Ticket, bool]:
        """The ticket, and whether it is new: a repeated request is answered with the ticket that there is. `after` is
        the one that it follows. Raises Unavailable while no number can be given."""
        now = self.now()
        number = await self.numbers.next(now.year)
        customer, known = await self.directory.find(identify(company, contact, number))
        before = [one.number for one in known[:LINKED]]
        earlier = list(dict.fromkeys([after, *before] if after else before))
        ticket, events = Ticket.open(number, problem, customer, company, contact, channel, taken_by, earlier, now)
        if by.key:
            there = await self.tickets.add(ticket, events, by, [f"{by.key} after {after}" if after else by.key])
            return there, there is ticket
        # Without a key the same request by the same person within a minute is the same ticket. A ticket claims its
        # own minute and the next one, so that one unique index finds a double also across the turn of a minute.
        minute = int(now.timestamp()) // SAME_REQUEST_WITHIN
        for first in (minute, minute + 1):
            keys = [f"{by.actor} {by.digest}/{m}" for m in (first, first + 1)]
            there = await self.tickets.add(ticket, events, by, keys)
            if there is ticket or now - there.opened_at <= timedelta(seconds=SAME_REQUEST_WITHIN):
                return there, there is ticket
        raise Conflict("the same request again and again; please wait a minute", "重复提交过于频繁，请稍后再试")

    async def change(self, number: str, decide: Decide, by: Origin, allow: Allow | None = None) -> Ticket:
        return await self.tickets.change(number, decide, by, allow)

    async def write(
        self, number: str, text: str, speaker: Callable[[Ticket], Speaker], internal: bool, by: Origin, allow: Allow
    ) -> Ticket:
        """The ticket on which it stands now: what a customer writes on one that cannot be reopened any more begins a
        new one, linked to it. Without a key the same words within a minute are written once."""
        by = repeatable(by)

        def decide(ticket: Ticket) -> list[Event]:
            return conversation.post(ticket, text, speaker(ticket), internal, Channel.ONLINE, self.now())

        try:
            return await self.tickets.change(number, decide, by, allow)
        except TooLateToReopen:
            old = await self.tickets.get(number)
        by = replace(by, if_match=None)
        if old.followed_by:
            return await self.write(old.followed_by, text, speaker, internal, by, allow)
        problem = Problem(description=text, **{name: getattr(old.problem, name) for name in KEPT})
        taken_by = f"channel:{Channel.ONLINE}"
        new, _ = await self.open(problem, old.company, old.contact, Channel.ONLINE, taken_by, by, after=old.id)
        await self.tickets.change(old.id, lambda ticket: ticket.follow(new.id), OWN)
        return new

    async def follow_link(self, link: Link, satisfaction: Satisfaction | None, comment: str) -> Ticket:
        """Once: the same link again changes nothing. Raises LinkEnded, and what is not possible now."""
        now = self.now()
        by = Origin(link.sub, f"link:{link.nonce}", f"link/{link.nonce}/{link.action}/{satisfaction or ''}")
        return await self.tickets.change(
            link.ticket,
            lambda ticket: invitations.follow(ticket, link, satisfaction, comment, now),
            by,
            lambda ticket: invitations.must_hold(ticket, link),
        )

    async def wait_ran_out(self, numbers: Sequence[str]) -> None:
        now = self.now()
        await self.tickets.change_all(numbers, lambda ticket: closing.wait_ran_out(ticket, now), OWN)

    # ---- what the other services say

    def tell(self, fact: Callable[[Ticket, E], list[Event]]) -> Callable[[E], Awaitable[object]]:
        """A handler that only tells the ticket of a fact."""

        async def told(event: E) -> None:
            await self.tickets.change(event.subject, lambda ticket: fact(ticket, event), event)

        return told

    async def remember(self, event: TicketOpened) -> None:
        """The customer's next ticket is linked to this one. Of those that were opened at the same time, each before it
        was known of the other, the later is linked to the earlier. A number that another ticket has here is an alarm,
        and of nobody's tickets."""
        await self.numbers.heard(event.subject)
        ours = await self.tickets.find(event.subject)
        if ours and not ours.was_opened_by(event):
            REUSED.labels("intake").inc()
            logger.error("%s was opened by another event than %s: it is not heard", event.subject, event.id)
            return
        known = await self.directory.remember(event)
        new = next((one for one in known if one.number == event.subject), None)
        for one in known:
            missing = [number for number in earlier_than(one, known) if number not in one.linked]
            if one is new and missing:
                await self._link(one.number, missing)
            elif one is not new and event.subject in missing:
                await self._link(one.number, [event.subject])

    async def _link(self, number: str, to: list[str]) -> None:
        with contextlib.suppress(NotFound):  # the ticket is not in the backup from which the database was restored
            await self.tickets.change(number, lambda ticket: ticket.link(to, self.now()), OWN)


def facts_of(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}

"""Opening tickets, and what happens to them by events and by time."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.intake.call_back_causes.handlers import CallBackCauseHandlers
from services.intake.customers.handlers import CustomerHandlers
from services.intake.customers.history import MAX_LINKED, OpenedTicket, SeenTicket, earlier_tickets, links_of
from services.intake.customers.identity import customer_id
from services.intake.forms.handlers import FormHandlers
from services.intake.settings import IntakeSettings
from services.intake.tickets import facts, reminders
from services.intake.tickets.domain import Ticket
from services.intake.tickets.linking import continuing, link
from services.intake.tickets.numbers import TicketNumbers
from services.intake.tickets.questions import understood
from services.intake.tickets.store import Tickets
from shared.domain import Conflict, NotFound, Origin
from shared.events import Contact, Event, LinkReason, Problem, TicketLink, TicketOpened, TriageLogAnalysed
from shared.http.caller import SAME_REQUEST_WITHIN
from shared.store import Store
from shared.telemetry import REUSED
from shared.terms import Channel
from shared.texts import off_loop

logger = logging.getLogger(__name__)
INTAKE = Origin.service("intake")
MAX_ERRORS = 5  # of one log, by which tickets are linked


@dataclass(frozen=True)
class TicketHandlers:
    store: Tickets
    customers: CustomerHandlers
    numbers: TicketNumbers
    forms: FormHandlers
    call_back_causes: CallBackCauseHandlers
    settings: IntakeSettings
    now: Callable[[], datetime]

    async def open(
        self,
        problem: Problem,
        company: str,
        contact: Contact,
        channel: Channel,
        taken_by: str,
        by: Origin,
        after: str = "",
        furnish: Callable[[Ticket], list[Event]] = lambda _: [],
        reply_to: str = "",
    ) -> tuple[Ticket, bool]:
        """The ticket, and whether it is new: a repeated request is answered with the ticket that there is. `after` is
        the one that it follows, `furnish` what else it begins with, `reply_to` as in `ticket.opened`. Raises
        Unavailable while no number can be given."""
        now = self.now()
        number = await self.numbers.next(now.astimezone(self.settings.zone).year)
        records = await self.customers.directory.recognise(company, contact)
        customer, known = await self.customers.find(customer_id(company, contact, number, records))
        forms = await self.forms.known()
        told, _ = await off_loop(len(problem.description), understood, problem, forms)  # and it is remembered
        opened = OpenedTicket.of(number, now, company, contact, told, records)
        links = continuing(after, links_of(opened, known))
        ticket, events = Ticket.open(
            number, problem, customer, company, contact, channel, taken_by, links, now, records, forms, reply_to
        )
        events += furnish(ticket)
        if by.key:
            added = await self.store.add(ticket, events, by, [f"{by.key} after {after}" if after else by.key])
            return added, added is ticket
        # Without a key the same request by the same person within a minute is the same ticket. A ticket claims its
        # own minute and the next one, so that one unique index finds a double also across the turn of a minute.
        minute = int(now.timestamp()) // SAME_REQUEST_WITHIN
        for first in (minute, minute + 1):
            keys = [f"{by.actor} {by.digest}/{m}" for m in (first, first + 1)]
            added = await self.store.add(ticket, events, by, keys)
            if added is ticket or now - added.opened_at <= timedelta(seconds=SAME_REQUEST_WITHIN):
                return added, added is ticket
        raise Conflict(
            "The same request was repeated too often; please wait a minute", "重复提交过于频繁，请一分钟后再试"
        )

    async def hear(self, event: Event) -> None:
        """What triage says. Tickets of one customer with the same error are linked, the later to the earlier."""
        decide = partial(facts.hear, event=event, forms=await self.forms.known())
        ticket = await self.store.change(event.subject, decide, event)
        if isinstance(event, TriageLogAnalysed):
            for fingerprint in event.fingerprints[:MAX_ERRORS]:
                await self._link_same_error(ticket, fingerprint)

    async def record_opening(self, event: TicketOpened) -> None:
        """The customer's next ticket is linked to this one. Of those that were opened at the same time, each before it
        was known of the other, the later is linked to the earlier. A number that another ticket has here is an alarm,
        and of nobody's tickets."""
        await self.numbers.reserve(event.subject)
        ours = self.store.written(event.subject)
        if not (ours and ours.was_opened_by(event)):
            ours = await self.store.find(event.subject)
        if ours and not ours.was_opened_by(event):
            REUSED.labels("intake").inc()
            logger.error("%s was opened by another event than %s: it is not heard", event.subject, event.id)
            return
        known = await self.customers.record_ticket(event)
        new = next((one for one in known if one.number == event.subject), None)
        for one in known:
            missing = [link for link in earlier_tickets(one, known) if link.ticket not in one.linked]
            missing = missing if one is new else [link for link in missing if link.ticket == event.subject]
            if missing:
                await self._link(one.number, missing)

    async def when_due(self, numbers: Sequence[str]) -> None:
        await self.store.change_all(
            numbers, partial(reminders.when_due, now=self.now(), silence=self.settings.silence), INTAKE
        )

    async def _link_same_error(self, ticket: Ticket, fingerprint: str) -> None:
        this = SeenTicket(number=ticket.id, at=ticket.opened_at)
        others = await self.customers.record_error(ticket.customer, fingerprint, this)
        earlier = sorted((one for one in others if one.sort_key < this.sort_key), key=lambda one: one.sort_key)
        if earlier:
            await self._link(ticket.id, [_same_error(one.number) for one in earlier[: -MAX_LINKED - 1 : -1]])
        for one in others:
            if one.sort_key > this.sort_key:
                await self._link(one.number, [_same_error(ticket.id)])

    async def _link(self, number: str, links: list[TicketLink]) -> None:
        with contextlib.suppress(NotFound):  # the ticket is not in the backup from which the database was restored
            await self.store.change(number, lambda ticket: link(ticket, links, self.now()), INTAKE)


def _same_error(number: str) -> TicketLink:
    return TicketLink(ticket=number, reasons=[LinkReason.SAME_ERROR])


def being_changed(number: str) -> Conflict:
    """A merge, or its undoing, came in between: what is asked for again finds it done."""
    return Conflict(f"{number} is being changed by others; please try again", f"{number} 正被频繁修改，请稍后重试")


async def goes_on_as(store: Store[Ticket], ticket: Ticket) -> str:
    """The number of the ticket that it was merged into, and that into another; its own, if it was not. Of a circle,
    which two merges at the same moment may make until one is undone, the smallest."""
    seen, into = {ticket.id}, ticket.merged_into or ticket.id
    while into not in seen and (found := await store.find(into)) and found.merged_into:
        seen.add(into)
        into = found.merged_into
    return min(seen) if ticket.merged_into and into in seen else into

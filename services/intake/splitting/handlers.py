"""Splitting tickets."""

from dataclasses import dataclass, replace
from functools import partial

from services.intake.splitting import domain
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import INTAKE, TicketHandlers
from shared.domain import NotFound, Origin
from shared.events import TicketSplit
from shared.http import repeatable
from shared.store import Allow


@dataclass(frozen=True)
class SplitHandlers:
    tickets: TicketHandlers

    async def split(
        self,
        number: str,
        title: str,
        messages: list[str],
        attachments: list[str],
        reason: str,
        by: Origin,
        allow: Allow[Ticket],
    ) -> Ticket:
        """The new ticket. Without a key the same request within a minute is one. Raises what `domain.begin` refuses."""
        by = repeatable(by)
        first = by.key if not by.fresh_for else f"{by.key} {int(self.tickets.now().timestamp())}"
        id = domain.split_id(first)
        begin = partial(
            domain.begin, id=id, title=title, messages=messages, attachments=attachments, reason=reason, by=by.actor
        )
        ticket = await self.tickets.store.change(number, partial(begin, now=self.tickets.now()), by, allow)
        if all(one.id != id for one in ticket.splits):  # the same request without a key, some seconds ago
            id = next(one.id for one in reversed(ticket.splits) if set(one.messages) == set(messages))
        return await self._finish(ticket, id)

    async def hear(self, event: TicketSplit) -> None:
        """Whoever asked for it may not have got further."""
        ticket = await self.tickets.store.find(event.subject)
        if ticket and any(one.id == event.split for one in ticket.splits):
            await self._finish(ticket, event.split)

    async def _finish(self, ticket: Ticket, id: str) -> Ticket:
        split = next(one for one in ticket.splits if one.id == id)
        if split.ticket:
            try:
                return await self.tickets.store.get(split.ticket)
            except NotFound:
                pass
        by = replace(INTAKE, actor=split.by, key=f"split/{ticket.id}/{id}")
        furnish = partial(domain.furnish, ticket=ticket, split=split, now=self.tickets.now())
        problem = domain.problem_of(ticket, split)
        contact, company = ticket.contact, ticket.company
        new, _ = await self.tickets.open(
            problem, company, contact, ticket.channel, split.by, by, after=ticket.id, furnish=furnish
        )
        await self.tickets.store.change(ticket.id, partial(domain.end, id=id, new=new.id), INTAKE)
        return new

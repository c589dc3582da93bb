"""Merging tickets and undoing it."""

import contextlib
from dataclasses import dataclass
from functools import partial

from services.intake.merging import domain
from services.intake.tickets import closing
from services.intake.tickets.domain import Ticket
from services.intake.tickets.handlers import INTAKE, TicketHandlers
from shared.domain import NotFound, Origin
from shared.events import Event, TicketMerged
from shared.store import Allow

LONGEST_CHAIN = 100


@dataclass(frozen=True)
class MergeHandlers:
    tickets: TicketHandlers

    async def merge(
        self,
        number: str,
        into: str,
        reason: str,
        across: bool,
        even_if_waiting: bool,
        by: Origin,
        allow: Allow[Ticket],
    ) -> Ticket:
        """Raises what `domain.merge` refuses, and NotFound."""
        store, now = self.tickets.store, self.tickets.now()
        other = await store.get(into)
        merge = partial(domain.merge, into=other, reason=reason, by=by.actor, across=across, now=now)
        ticket = await store.change(number, partial(merge, even_if_waiting=even_if_waiting), by, allow)
        await self._update_targets(ticket)
        return ticket

    async def undo(self, number: str, reason: str, by: Origin, allow: Allow[Ticket]) -> Ticket:
        """Raises WrongState, NotFound."""
        store = self.tickets.store
        before = await store.get(number)
        other = await store.find(before.merged_into) if before.merged_into else None
        messages = domain.messages_through(other, number) if other else []
        undo = partial(domain.undo, reason=reason, by=by.actor, messages=messages, now=self.tickets.now())
        ticket = await store.change(number, undo, by, allow)
        await self._update_targets(ticket)
        return ticket

    async def hear(self, event: TicketMerged) -> None:
        """Whoever merged it may not have got further."""
        ticket = await self.tickets.store.find(event.subject)
        if ticket is None:  # it is not in the backup from which the database was restored
            return
        if circle := await self._circle_of(ticket):
            smallest = min(circle)
            undone = await self._undo_in_circle(smallest, circle[smallest])
            await self._update_targets(undone)
            ticket = undone if undone.id == ticket.id else ticket
        await self._update_targets(ticket)
        if event.before and (other := await self.tickets.store.find(event.before)):
            name = partial(closing.name_messages, other=other.id, messages=domain.messages_through(other, ticket.id))
            await self.tickets.store.change(ticket.id, name, INTAKE)

    async def _update_targets(self, ticket: Ticket) -> None:
        """Every ticket that it is, or was, merged into."""
        for into in dict.fromkeys(one.into for one in ticket.merges):
            with contextlib.suppress(NotFound):
                await self.tickets.store.change(
                    into, partial(domain.receive, other=ticket, now=self.tickets.now()), INTAKE
                )

    async def _undo_in_circle(self, number: str, into: str) -> Ticket:
        why = "Two merges that contradict each other · 两次合并互相矛盾"

        def undo(ticket: Ticket) -> list[Event]:
            if ticket.merged_into != into:  # whoever heard of the other merge has undone it
                return []
            return domain.undo(ticket, why, INTAKE.actor, [], self.tickets.now())

        return await self.tickets.store.change(number, undo, INTAKE)

    async def _circle_of(self, ticket: Ticket) -> dict[str, str]:
        """What each ticket of the circle that it is in was merged into, as two who say the opposite at the same moment
        may make it; empty where it ends. Whoever hears of the last of these merges sees all of them."""
        into: dict[str, str] = {}
        one: Ticket | None = ticket
        while one and one.merged_into and one.id not in into and len(into) < LONGEST_CHAIN:
            into[one.id] = one.merged_into
            one = await self.tickets.store.find(one.merged_into)
        return into if one and one.id == ticket.id and into else {}

"""Relations between tickets: said on one, shown on both."""

from dataclasses import dataclass
from functools import partial

from services.intake.relations import domain
from services.intake.relations.domain import INVERSE, WITHOUT_CIRCLES, Circle, Relation
from services.intake.relations.store import Relations
from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.handlers import INTAKE, TicketHandlers
from shared.domain import NotFound, Origin
from shared.events import RelationKind, TicketRelated
from shared.store import Allow

MAX_WALKED = 500  # tickets, in search of a circle


@dataclass(frozen=True)
class RelationHandlers:
    tickets: TicketHandlers
    store: Relations

    async def add(
        self, number: str, kind: RelationKind, other: str, reason: str, by: Origin, allow: Allow[Ticket]
    ) -> tuple[Ticket, Relation]:
        """Raises Circle, LimitReached, Invalid, NotFound. Of two who close a circle at the same moment both are
        refused."""
        counterpart = await self.tickets.store.get(other)
        if domain.says(counterpart, INVERSE[kind], number):
            return await self.tickets.store.get(number), await self._shown(counterpart, INVERSE[kind], number, True)
        await self._require_no_circle(number, kind, other)
        relate = partial(domain.relate, kind=kind, other=other, reason=reason, by=by.actor, now=self.tickets.now())
        ticket = await self.tickets.store.change(number, relate, by, allow)
        shown = await self._shown(ticket, kind, other)
        try:
            await self._require_no_circle(number, kind, other)
        except Circle:
            await self.remove(number, kind, other, "", INTAKE, lambda _: None)
            raise
        return ticket, shown

    async def remove(
        self, number: str, kind: RelationKind, other: str, reason: str, by: Origin, allow: Allow[Ticket]
    ) -> None:
        """Also where it was said on the other ticket. Raises NotFound."""
        ticket = await self.tickets.store.get(number)
        allow(ticket)
        if not domain.says(ticket, kind, other):
            counterpart = await self.tickets.store.find(other)
            if counterpart and domain.says(counterpart, INVERSE[kind], number):
                number, kind, other = other, INVERSE[kind], number
        unrelate = partial(domain.unrelate, kind=kind, other=other, reason=reason, now=self.tickets.now())
        ticket = await self.tickets.store.change(number, unrelate, by, allow)
        await self._shown(ticket, kind, other)

    async def hear(self, event: TicketRelated) -> None:
        for side in domain.sides(event):
            await self._keep(side, event)

    async def _shown(self, ticket: Ticket, kind: RelationKind, other: str, by_other: bool = False) -> Relation:
        """What the record says now, on both sides at once, so that who said it finds it there. The answer is the side
        of the ticket, or of the other."""
        said = domain.as_event(ticket, kind, other, self.tickets.now())
        sides = [await self._keep(side, said) for side in domain.sides(said)]
        return sides[1] if by_other else sides[0]

    async def _keep(self, side: Relation, event: TicketRelated) -> Relation:
        hear = partial(Relation.hear, event=event)
        try:
            return await self.store.change(side.id, hear, INTAKE)
        except NotFound:
            hear(side)
        added = await self.store.add(side, [], INTAKE)
        return added if added is side else await self.store.change(side.id, hear, INTAKE)

    async def _require_no_circle(self, number: str, kind: RelationKind, other: str) -> None:
        first, last = (number, other) if kind in WITHOUT_CIRCLES else (other, number)
        kind = kind if kind in WITHOUT_CIRCLES else INVERSE[kind]
        if kind not in WITHOUT_CIRCLES:
            return
        seen, ask = {last}, [last]
        while ask:
            found = await self.store.others(ask, kind)
            if first in found:
                raise Circle(
                    f"{last} already {kind.label.en} {first}, directly or through others",
                    f"{last} 已直接或间接{kind.label.zh} {first}",
                )
            ask = sorted(found - seen)
            seen |= found
            if len(seen) > MAX_WALKED:
                raise LimitReached("Too many tickets are related to these", "关联的工单过多")

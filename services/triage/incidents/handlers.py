"""What people do with incidents."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from services.triage.incidents import lifecycle
from services.triage.incidents.domain import InAnother, Incident, Member
from services.triage.incidents.signature import Key, KeyKind
from services.triage.incidents.watch import IncidentWatch, customer_of
from services.triage.work.values import Actor
from shared.domain import Forbidden, Origin
from shared.events import BothLanguages, ContactErased, Event
from shared.mongo import DuplicateKey
from shared.terms import Text


class NotSenior(Forbidden):
    title = Text("Only leads and senior engineers decide about incidents", "仅技术负责人和资深工程师可处置群发故障")


@dataclass(frozen=True)
class IncidentHandlers:
    watch: IncidentWatch

    async def confirm(self, id: str, reason: str, by: Actor, origin: Origin) -> Incident:
        """Raises NotSenior, WrongState."""
        await self._ensure_decides(by)
        decide = partial(
            lifecycle.confirm, limits=self.watch.limits, on_call=await self.watch.on_call(), by=by, reason=reason
        )
        return await self._change(id, decide, origin)

    async def dismiss(self, id: str, reason: str, by: Actor, origin: Origin) -> Incident:
        """Raises NotSenior, WrongState."""
        await self._ensure_decides(by)
        return await self._change(id, partial(lifecycle.dismiss, by=by, reason=reason), origin)

    async def describe(
        self, id: str, title: str | None, root_cause: str | None, workaround: BothLanguages | None, origin: Origin
    ) -> Incident:
        """Raises WrongState."""

        def decide(incident: Incident) -> list[Event]:
            return lifecycle.describe(incident, title, root_cause, workaround)

        return await self.watch.incidents.change(id, decide, origin)

    async def publish_update(self, id: str, text: BothLanguages, internal: bool, by: Actor, origin: Origin) -> Incident:
        """Raises WrongState, IncidentFull."""
        return await self._change(id, partial(lifecycle.publish_update, text=text, internal=internal, by=by), origin)

    async def resolve(
        self,
        id: str,
        solution: BothLanguages,
        root_cause: str,
        steps: str,
        result: str,
        by: Actor,
        origin: Origin,
    ) -> Incident:
        """Raises NotSenior, WrongState."""
        await self._ensure_decides(by)
        decide = partial(lifecycle.resolve, solution=solution, root_cause=root_cause, steps=steps, result=result, by=by)
        return await self._change(id, decide, origin)

    async def add(self, id: str, ticket: str, reason: str, by: Actor, origin: Origin) -> Incident:
        """Raises NotFound, Closed (the ticket is), InAnother, WrongState, IncidentFull."""
        item = await self.watch.work.store.get(ticket)
        item.ensure_open()
        member = Member(
            ticket=ticket,
            customer=customer_of(item),
            opened_at=item.opened_at,
            keys=[Key(kind=KeyKind.BY_HAND, value="")],
            added_at=self.watch.now(),
            added_by=by.sub,
            reason=reason,
        )
        try:
            return await self._change(id, partial(lifecycle.add, member=member, limits=self.watch.limits), origin)
        except DuplicateKey:
            raise InAnother(
                f"{ticket} is part of another incident; remove it there first",
                f"{ticket} 已属于其他群发故障，请先将其移出",
            ) from None

    async def remove(self, id: str, ticket: str, reason: str, by: Actor, origin: Origin) -> Incident:
        """Raises NotInIncident, WrongState."""
        return await self._change(id, partial(lifecycle.remove, ticket=ticket, by=by, reason=reason), origin)

    async def forget(self, event: ContactErased) -> None:
        """Whose these tickets were, and what they were compared by."""
        tickets = set(event.tickets)
        for incident in await self.watch.incidents.claiming(f"t:{ticket}" for ticket in tickets):
            await self.watch.incidents.change(incident.id, partial(Incident.forget, tickets=tickets), event)
        await self.watch.sightings.remove(event.tickets)

    async def _ensure_decides(self, by: Actor) -> None:
        engineer = None if by.is_lead else await self.watch.engineers.store.find(by.sub)
        if not (by.is_lead or (engineer and engineer.is_senior)):
            raise NotSenior("Ask a lead or a senior engineer", "请联系技术负责人或资深工程师")

    async def _change(self, id: str, decide: Callable[..., list[Event]], origin: Origin) -> Incident:
        return await self.watch.incidents.change(id, partial(decide, now=self.watch.now()), origin)

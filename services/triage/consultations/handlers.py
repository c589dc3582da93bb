"""Consultations that are called by themselves, answers to invitations, and action items until they are done."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from services.triage.consultations import domain
from services.triage.routing.engineers import EngineerHandlers
from services.triage.work import facts
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN, Actor
from shared.domain import Origin
from shared.events import (
    Event,
    SlaConsultationDue,
    TicketInvitationAnswered,
    TriageDeepAnalysisBegun,
    TriageLogAnalysed,
)
from shared.events.triage_consultations import ActionItem
from shared.service import Now


@dataclass(frozen=True)
class ConsultationHandlers:
    work: WorkHandlers
    engineers: EngineerHandlers
    now: Now

    async def due(self, event: SlaConsultationDue) -> None:
        """Not solved in time."""

        def hear(item: WorkItem) -> list[Event]:
            facts.hear(item, event)
            return domain.call_automatically(item, "sla", self.now()) if item.consultation_due else []

        await self.work.store.change(event.subject, hear, event)

    async def look_at_modules(self, event: TriageLogAnalysed | TriageDeepAnalysisBegun) -> None:
        """What is found may show that several modules are touched."""

        def look(item: WorkItem) -> list[Event]:
            several = domain.touches_several_modules(item)
            return domain.call_automatically(item, "modules", self.now()) if several else []

        await self.work.store.change(event.subject, look, event)

    async def hear_answer(self, event: TicketInvitationAnswered) -> None:
        await self.work.store.change(event.subject, partial(domain.hear_answer, said=event, now=self.now()), event)

    async def with_addresses(self, actions: Sequence[ActionItem]) -> list[ActionItem]:
        """Of owners who are engineers, where none was given: else nobody would tell them."""
        known = {one.owner: await self.engineers.store.find(one.owner) for one in actions if not one.email}
        return [
            one.model_copy(update={"email": owner.email, "language": owner.language})
            if (owner := known.get(one.owner)) and not one.email
            else one
            for one in actions
        ]

    async def finish_action(self, ticket: str, id: str, result: str, by: Actor, origin: Origin) -> WorkItem:
        """By its owner, or whoever has the ticket. Raises NotAssignee, ActionNotFound."""

        def allow(item: WorkItem) -> None:
            owners = {one.owner for held in item.consultations for one in held.actions if one.id == id}
            if by.sub not in owners:
                item.ensure_involved(by)

        decide = partial(domain.finish_action, by=by, id=id, result=result, now=self.now())
        return await self.work.store.change(ticket, decide, origin, allow)

    async def remind(self, ids: Sequence[str]) -> None:
        """Owners of what is late, each once a day, whichever replica does it."""
        for id in ids:
            while any(one.remind_at <= self.now() for one in (await self.work.store.get(id)).open_actions):
                await self.work.store.change(id, partial(domain.remind, now=self.now()), TRIAGE_ORIGIN)

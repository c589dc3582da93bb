"""What a confirmed incident means for the work on each of its tickets: its priority, and its solution. A ticket that is
merely like them hears nothing, since only those that are in it are named."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from services.triage.diagnosis.domain import raise_at_least
from services.triage.work import facts, solutions
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN, Actor
from shared.domain import NotFound
from shared.events import (
    Event,
    IncidentPriorityRaised,
    IncidentResolved,
    IncidentTicketAdded,
    Reason,
)
from shared.service import Now


@dataclass(frozen=True)
class IncidentSpreading:
    work: WorkHandlers
    now: Now

    async def add(self, event: IncidentTicketAdded) -> None:
        def hear(item: WorkItem) -> list[Event]:
            if not facts.hear(item, event) or event.priority is None:
                return []
            return raise_at_least(item, event.priority, _why(event.incident, event.customers), self.now())

        await self.work.store.change(event.subject, hear, event)

    async def raise_all(self, event: IncidentPriorityRaised) -> None:
        def decide(item: WorkItem) -> list[Event]:
            has_left = facts.knows_incident(item, event.subject) and event.subject not in item.incidents
            if has_left or item.disputed:
                return []  # that it came in may be heard later, with the priority that was meant then
            return raise_at_least(item, event.priority, _why(event.subject, event.customers), self.now())

        await self._each(event, event.tickets, decide)

    async def resolve(self, event: IncidentResolved) -> None:
        """Whoever is asked by their engineer already is not asked again."""
        by = Actor(event.actor)
        decide = partial(
            solutions.solve_with_incident,
            solution=event.solution,
            root_cause=event.root_cause,
            steps=event.steps,
            result=event.result,
            by=by,
            now=self.now(),
        )
        await self._each(event, event.tickets, decide)

    async def _each(self, event: Event, tickets: Sequence[str], decide: Callable[[WorkItem], list[Event]]) -> None:
        for ticket in tickets:
            with suppress(NotFound):
                by = replace(TRIAGE_ORIGIN, cause=event.id, key=f"{event.id}/{ticket}")
                await self.work.store.change(ticket, decide, by)


def _why(incident: str, customers: int) -> Reason:
    return Reason(
        en=f"incident {incident}: {customers} customers have the same problem",
        zh=f"群发故障 {incident}：{customers} 家客户遇到同一问题",
    )

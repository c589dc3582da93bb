"""Facts that a work item hears, and changes by the people who work on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.triage.work import facts
from services.triage.work.domain import WorkItem
from services.triage.work.store import WorkItems
from services.triage.work.values import Actor
from shared.domain import Origin
from shared.events import Event
from shared.service import Now
from shared.store import Decide


@dataclass(frozen=True)
class WorkHandlers:
    store: WorkItems
    approved_tools: Sequence[str]
    now: Now

    async def hear(self, event: Event) -> WorkItem:
        """Tell the work item a fact."""

        def hear(item: WorkItem) -> list[Event]:
            facts.hear(item, event)
            return []

        return await self.store.change(event.subject, hear, event)

    async def change(self, ticket: str, decide: Decide[WorkItem], origin: Origin, by: Actor) -> WorkItem:
        """Only by leads, the assignee, and the one before them. Raises NotAssignee."""
        return await self.store.change(ticket, decide, origin, lambda item: item.ensure_involved(by))

"""Giving tickets to engineers: urgent ones at once, others as a lead decides, and back to the queue."""

from dataclasses import dataclass
from functools import partial

from services.triage.routing import assignment
from services.triage.routing.domain import Engineer, LimitReached
from services.triage.routing.store import Engineers
from services.triage.routing.workload import Workload
from services.triage.work import facts
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN, Actor
from shared.domain import Origin
from shared.events import Event, TicketCompleted, TicketReopened, TriageReclassified, TriageReleased
from shared.service import Now
from shared.terms import Priority


@dataclass(frozen=True)
class RoutingHandlers:
    work: WorkHandlers
    engineers: Engineers
    workload: Workload
    now: Now

    # ---- urgent tickets

    async def add(self, item: WorkItem, events: list[Event], by: Event) -> WorkItem:
        """A new work item, with a senior engineer from the beginning if it is urgent and one is available. If there is
        one of this number already, that is the answer."""
        found = await self.workload.reserve_senior(item) if item.needs_senior else None
        if found is None:
            return await self.work.store.add(item, events, by)
        senior, reservation = found

        async def add(engineer: Engineer) -> WorkItem:
            assigned = assignment.assign_urgent(item, engineer, self.now())
            return await self.work.store.add(item, events + assigned, by)

        return await self.workload.assign_reserved(reservation, senior, add)

    async def ensure_assigned(self, item: WorkItem, but_not: str = "") -> WorkItem:
        """Assign it to a senior engineer if it is urgent and nobody has it."""
        found = await self.workload.reserve_senior(item, but_not) if item.needs_senior else None
        if found is None:
            return item
        senior, reservation = found

        async def assign(engineer: Engineer) -> WorkItem:
            decide = partial(assignment.assign_urgent, senior=engineer, now=self.now())
            return await self.work.store.change(item.id, decide, TRIAGE_ORIGIN)

        return await self.workload.assign_reserved(reservation, senior, assign)

    async def assign_urgent(self) -> None:
        """Urgent tickets that wait for a senior engineer, to those who are available now."""
        for ticket in await self.work.store.urgent_unassigned():
            item = await self.ensure_assigned(await self.work.store.get(ticket))
            if item.needs_senior:
                break  # nobody is available

    # ---- what people ask for

    async def assign(self, ticket: str, engineer: str, reason: str, by: Actor, origin: Origin) -> WorkItem:
        """Raises LimitReached: also a lead must make room first."""
        item = await self.work.store.get(ticket)

        async def assign(chosen: Engineer) -> WorkItem:
            decide = partial(assignment.assign, engineer=chosen, reason=reason, by=by, now=self.now())
            return await self.work.store.change(ticket, decide, origin)

        if not item.open or item.assignee == engineer:
            return await assign(await self.engineers.get(engineer))
        try:
            assigned = await self.workload.assign(ticket, item.version, item.is_urgent, engineer, assign)
        except LimitReached as full:
            return await self.refuse(ticket, full, origin)
        if item.assignee:
            await self.workload.update(assigned, item.assignee)
        return assigned

    async def release(self, ticket: str, reason: str, by: Actor, origin: Origin) -> WorkItem:
        decide = partial(assignment.release, reason=reason, by=by, now=self.now())
        item = await self.work.change(ticket, decide, origin, by)
        if not item.last_assignee:
            return item
        await self.workload.update(item, item.last_assignee)
        return await self.ensure_assigned(item, but_not=item.last_assignee)

    async def refuse(self, ticket: str, full: LimitReached, origin: Origin) -> WorkItem:
        """But not who asks for what was done for them before, nor before other things that are wrong."""

        def decide(item: WorkItem) -> list[Event]:
            item.ensure_open()
            raise full

        return await self.work.store.change(ticket, decide, origin)

    # ---- what is heard

    async def complete(self, event: TicketCompleted) -> None:
        item = await self.work.hear(event)
        if item.assignee:
            await self.workload.update(item, item.assignee)

    async def reopen(self, event: TicketReopened) -> None:
        """It goes back to the engineer who had it, if they are available and have room."""
        before = await self.work.store.get(event.subject)
        who = before.assignee
        engineer = await self.engineers.find(who) if who else None

        async def reopen(back: Engineer | None) -> WorkItem:
            def decide(item: WorkItem) -> list[Event]:
                if not facts.hear(item, event):
                    return []
                return assignment.resume_assignment(item, event, who, back, self.now())

            return await self.work.store.change(event.subject, decide, event)

        if engineer and engineer.available:
            try:
                item = await self.workload.assign(before.id, before.version, before.is_urgent, who, reopen)
            except LimitReached:
                item = await reopen(None)
        else:
            item = await reopen(None)
        if who:
            await self.workload.update(item, who)
        await self.ensure_assigned(item)

    # What triage published itself: whoever decided it may not have got further.

    async def released(self, event: TriageReleased) -> None:
        await self.workload.hear(event)
        await self.ensure_assigned(await self.work.store.get(event.subject), but_not=event.engineer)

    async def reclassified(self, event: TriageReclassified) -> None:
        if event.priority is Priority.URGENT:
            await self.ensure_assigned(await self.work.store.get(event.subject))

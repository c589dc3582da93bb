"""Giving tickets to engineers: urgent ones at once, others as people decide or in turn, and back to the queue."""

from dataclasses import dataclass
from functools import partial

from services.triage.routing import assignment
from services.triage.routing.dispatch import DispatchHandlers
from services.triage.routing.domain import CannotTake, Engineer
from services.triage.routing.store import Engineers
from services.triage.routing.urgent import UrgentHandlers
from services.triage.routing.workload import Workload
from services.triage.teams.domain import DEFAULT
from services.triage.teams.handlers import TeamHandlers
from services.triage.work import facts
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import Actor
from shared.domain import NotFound, Origin
from shared.events import Event, TicketCompleted, TicketReopened, TriageReclassified, TriageReleased
from shared.service import Now
from shared.store import Decide
from shared.terms import Priority


@dataclass(frozen=True)
class RoutingHandlers:
    work: WorkHandlers
    engineers: Engineers
    workload: Workload
    urgent: UrgentHandlers
    dispatch: DispatchHandlers
    teams: TeamHandlers
    now: Now

    async def add(self, item: WorkItem, events: list[Event], by: Event) -> WorkItem:
        """A new work item. If there is one of this number already, that is the answer."""
        added = await self.urgent.add(item, events, by)
        if not added.assignee:
            await self.dispatch.run()
        return added

    async def offer(self, item: WorkItem, but_not: str = "") -> WorkItem:
        """An urgent one to a senior engineer; others to whoever has room, where they are dispatched."""
        item = await self.urgent.ensure_assigned(item, but_not)
        if not item.assignee:
            await self.dispatch.run()
        return item

    # ---- what people ask for

    async def assign(self, ticket: str, engineer: str, reason: str, by: Actor, origin: Origin) -> WorkItem:
        """Raises CannotTake: also a lead must make room first."""
        item = await self.work.store.get(ticket)

        async def assign(chosen: Engineer) -> WorkItem:
            decide = partial(assignment.assign, engineer=chosen, reason=reason, by=by, now=self.now())
            return await self.work.store.change(ticket, decide, origin)

        if not item.open or item.assignee == engineer:
            return await assign(await self.engineers.get(engineer))
        try:
            assigned = await self.workload.assign(ticket, item.version, item.is_urgent, engineer, assign)
        except CannotTake as refusal:
            return await self.refuse(ticket, refusal, origin)
        if item.assignee:
            await self.workload.update(assigned, item.assignee)
        return assigned

    async def transfer(self, ticket: str, engineer: str, note: str, by: Actor, origin: Origin) -> WorkItem:
        """To a colleague, with a note. Raises NotAssignee, CannotTake, Closed."""
        item = await self.work.store.get(ticket)
        item.ensure_involved(by)

        async def transfer(to: Engineer) -> WorkItem:
            decide = partial(assignment.transfer, engineer=to, note=note, by=by, now=self.now())
            return await self.work.change(ticket, decide, origin, by)

        if not item.open or item.assignee == engineer:
            return await transfer(await self.engineers.get(engineer))
        try:
            moved = await self.workload.assign(ticket, item.version, item.is_urgent, engineer, transfer)
        except CannotTake as refusal:
            return await self.refuse(ticket, refusal, origin)
        if item.assignee:
            await self.workload.update(moved, item.assignee)
        return moved

    async def release(self, ticket: str, reason: str, by: Actor, origin: Origin) -> WorkItem:
        decide = partial(assignment.release, reason=reason, by=by, now=self.now())
        return await self._offer_again(await self.work.change(ticket, decide, origin, by))

    async def escalate(self, ticket: str, team: str, reason: str, by: Actor, origin: Origin) -> WorkItem:
        """Into the queue of another team; `default`: everybody's again. Raises NotFound, NotAssignee, WrongState."""
        to = await self.teams.get(team)
        id = "" if to.id == DEFAULT else to.id
        decide = partial(assignment.escalate, team=id, team_name=to.name, reason=reason, by=by, now=self.now())
        return await self._offer_again(await self.work.store.change(ticket, decide, origin))

    async def put_back(self, ticket: str, leaving: str, to: str, reason: str, by: Actor) -> None:
        """A ticket of who was deactivated: to `to`, if they may take it; else into the queue, from which it is offered
        when that is heard: they may have had hundreds."""
        item = await self.work.store.get(ticket)
        origin = Origin(by.sub)

        async def hand_over(engineer: Engineer) -> WorkItem:
            decide: Decide[WorkItem] = partial(
                assignment.hand_over, engineer=engineer, leaving=leaving, note=reason, by=by, now=self.now()
            )
            return await self.work.store.change(ticket, decide, origin)

        if to and item.open and item.assignee == leaving:
            try:
                moved = await self.workload.assign(ticket, item.version, item.is_urgent, to, hand_over)
                await self.workload.update(moved, leaving)
                return
            except (CannotTake, NotFound):
                pass  # the queue is for everybody
        decide = partial(assignment.put_back, leaving=leaving, reason=reason, by=by, now=self.now())
        item = await self.work.store.change(ticket, decide, origin)
        await self.workload.update(item, leaving)

    async def refuse(self, ticket: str, refusal: CannotTake, origin: Origin) -> WorkItem:
        """But not who asks for what was done for them before, nor before other things that are wrong."""

        def decide(item: WorkItem) -> list[Event]:
            item.ensure_open()
            raise refusal

        return await self.work.store.change(ticket, decide, origin)

    async def _offer_again(self, item: WorkItem) -> WorkItem:
        if item.last_assignee:
            await self.workload.update(item, item.last_assignee)
        return await self.offer(item, but_not=item.last_assignee)

    # ---- what is heard

    async def complete(self, event: TicketCompleted) -> None:
        item = await self.work.hear(event)
        if item.assignee:
            await self.workload.update(item, item.assignee)
            await self.dispatch.run()

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
            except CannotTake:
                item = await reopen(None)
        else:
            item = await reopen(None)
        if who:
            await self.workload.update(item, who)
        await self.offer(item)

    # What triage published itself: whoever decided it may not have got further.

    async def released(self, event: TriageReleased) -> None:
        await self.workload.hear(event)
        await self.offer(await self.work.store.get(event.subject), but_not=event.engineer)

    async def reclassified(self, event: TriageReclassified) -> None:
        if event.priority is Priority.URGENT:
            await self.offer(await self.work.store.get(event.subject))

"""Urgent tickets go to a senior engineer at once; nobody there, to who is on call, then to the lead of the team, and an
alarm stands until somebody has it and says so (P2.4)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from services.triage.routing import assignment
from services.triage.routing.candidates import choose_urgent
from services.triage.routing.domain import Engineer
from services.triage.routing.workload import Choose, Workload
from services.triage.teams.domain import Team
from services.triage.teams.handlers import TeamHandlers
from services.triage.work import worklog
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN, Actor
from shared.domain import Origin
from shared.events import Event
from shared.service import Now


@dataclass(frozen=True)
class UrgentHandlers:
    work: WorkHandlers
    workload: Workload
    teams: TeamHandlers
    now: Now

    async def add(self, item: WorkItem, events: list[Event], by: Event) -> WorkItem:
        """A new work item, with an engineer from the beginning if it is urgent and one is there. If there is one of
        this number already, that is the answer."""
        team = await self.teams.of(item.team)
        found = await self.workload.reserve_chosen(item, _choose(item, team)) if item.needs_senior else None
        if found is None:
            return await self.work.store.add(item, events, by)
        chosen, reservation = found

        async def add(engineer: Engineer) -> WorkItem:
            now = self.now()
            assigned = assignment.assign_urgent(item, engineer, chosen.choice, now + team.acknowledge_within, now)
            return await self.work.store.add(item, events + assigned, by)

        return await self.workload.assign_reserved(reservation, chosen.engineer, add)

    async def ensure_assigned(self, item: WorkItem, but_not: str = "") -> WorkItem:
        """Assign it if it is urgent and nobody has it, or nobody senior since it became urgent."""
        if not item.needs_senior:
            return item
        team = await self.teams.of(item.team)
        return await self._give(item, team, _choose(item, team, {but_not, item.assignee}), assignment.assign_urgent)

    async def assign_waiting(self) -> None:
        """Urgent tickets that wait for somebody, to those who are there now."""
        for ticket in await self.work.store.urgent_unassigned():
            await self.ensure_assigned(await self.work.store.get(ticket))

    async def fire(self, ids: Sequence[str]) -> None:
        """What nobody has, or nobody acknowledged in time, goes to somebody else, and else an alarm is raised."""
        for id in ids:
            item = await self.work.store.get(id)
            if item.needs_senior:
                item = await self.ensure_assigned(item)
            elif assignment.is_unacknowledged(item, self.now()):
                item = await self._hand_on(item)
            await self._raise_alarm(item)

    async def acknowledge(self, ticket: str, by: Actor, origin: Origin) -> WorkItem:
        """Raises Closed, NotAssignee. Who is not asked to has nothing to do."""

        def acknowledge(item: WorkItem) -> list[Event]:
            item.ensure_assignee(by)
            return worklog.acknowledge(item, by, self.now())

        return await self.work.change(ticket, acknowledge, origin, by)

    # ---- inside

    async def _hand_on(self, item: WorkItem) -> WorkItem:
        """To whom it has not been before; if there is nobody, it stays where it is, with an alarm."""
        team = await self.teams.of(item.team)
        return await self._give(item, team, _choose(item, team, assignment.passed_by(item)), assignment.hand_on)

    async def _give(self, item: WorkItem, team: Team, choose: Choose, give: Callable[..., list[Event]]) -> WorkItem:
        found = await self.workload.reserve_chosen(item, choose)
        if found is None:
            return item
        chosen, reservation = found

        async def assign(engineer: Engineer) -> WorkItem:
            now = self.now()
            decide = partial(
                give, to=engineer, choice=chosen.choice, acknowledge_by=now + team.acknowledge_within, now=now
            )
            return await self.work.store.change(item.id, decide, TRIAGE_ORIGIN)

        assigned = await self.workload.assign_reserved(reservation, chosen.engineer, assign)
        if item.assignee:
            await self.workload.update(assigned, item.assignee)
        return assigned

    async def _raise_alarm(self, item: WorkItem) -> None:
        due, now = item.alarm_due_at, self.now()
        if due is None or due > now:
            return
        team = await self.teams.of(item.team)
        decide = partial(
            assignment.raise_alarm, team_name=team.name if item.team else "", next_at=now + team.alarm_every, now=now
        )
        await self.work.store.change(item.id, decide, TRIAGE_ORIGIN)


def _choose(item: WorkItem, team: Team, but_not: Collection[str] = ()) -> Choose:
    return partial(choose_urgent, item, team.lead or "", but_not)

"""Tickets of teams that dispatch go to whoever has skill and room, in the order of the queue (P2.4)."""

from dataclasses import dataclass
from functools import partial

from services.triage.routing import assignment
from services.triage.routing.candidates import choose_dispatched, fits
from services.triage.routing.domain import Engineer
from services.triage.routing.workload import Workload
from services.triage.teams.handlers import TeamHandlers
from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN
from shared.service import Now
from shared.terms import Priority

AT_ONCE = 100  # rows


@dataclass(frozen=True)
class DispatchHandlers:
    work: WorkHandlers
    workload: Workload
    teams: TeamHandlers
    now: Now

    async def run(self) -> None:
        """Give out what can be given out now, however far behind others it waits. Urgent tickets have a way of their
        own. Two replicas that do it at once give each ticket to one engineer."""
        teams = await self.teams.dispatching()
        after: str | None = None
        while teams and await self._with_room():
            rows, after = await self.work.store.queue_page({"assignee": "", "team": teams}, after, AT_ONCE)
            for row in rows:
                if row["priority"] == Priority.URGENT or row.get("disputed"):
                    continue
                if any(fits(one, row) for one in await self._with_room()):
                    await self._dispatch(await self.work.store.get(row["id"]))
            if after is None:
                return

    async def _dispatch(self, item: WorkItem) -> None:
        if not item.open or item.assignee or item.is_urgent:
            return
        found = await self.workload.reserve_chosen(item, partial(choose_dispatched, item))
        if found is None:
            return
        chosen, reservation = found

        async def assign(engineer: Engineer) -> WorkItem:
            decide = partial(assignment.dispatch, engineer=engineer, choice=chosen.choice, now=self.now())
            return await self.work.store.change(item.id, decide, TRIAGE_ORIGIN)

        await self.workload.assign_reserved(reservation, chosen.engineer, assign)

    async def _with_room(self) -> list[Engineer]:
        now = self.now()
        roster = await self.workload.engineers.roster()
        return [one for one in roster if one.available and not one.is_full and one.is_on_shift(now)]

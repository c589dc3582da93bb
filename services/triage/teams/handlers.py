"""Teams are entered and changed, and asked how their tickets are given out."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from services.triage.teams.domain import DEFAULT, DEFAULT_TEAM, DispatchMode, Team, TeamSettings
from services.triage.teams.store import Teams
from shared.domain import Conflict, Invalid, Origin
from shared.terms import Text

MAX_TEAMS = 200


class TooManyTeams(Conflict):
    title = Text("There are too many teams", "团队数量已达上限")


@dataclass(frozen=True)
class TeamHandlers:
    store: Teams

    async def of(self, id: str) -> Team:
        """As this process saw it last; of a ticket that is no team's, or of one that is gone, the default."""
        known = await self.store.known.get()
        return known.get(id or DEFAULT) or known.get(DEFAULT) or DEFAULT_TEAM

    async def dispatching(self) -> list[str | None]:
        """What `team` is of tickets that are dispatched: older releases left it out where it is no team's."""
        known = await self.store.known.get()
        found: list[str | None] = [id for id, team in known.items() if team.dispatch is DispatchMode.PUSH]
        return [*found, "", None] if DEFAULT in found else found

    async def get(self, id: str) -> Team:
        """Raises NotFound."""
        if id == DEFAULT:
            return await self.store.find(id) or DEFAULT_TEAM
        return await self.store.get(id)

    async def put(self, id: str, said: TeamSettings, by: Origin) -> Team:
        """Raises TooManyTeams, Stale."""
        if await self.store.find(id) is None:
            if await self.store.count({}) >= MAX_TEAMS:
                raise TooManyTeams(f"There can be at most {MAX_TEAMS} teams", f"最多可以设置 {MAX_TEAMS} 个团队")
            await self.store.add(Team(id=id, name=said.name), [], Origin(by.actor))
        team = await self.store.change(id, partial(Team.set_up, said=said), by)
        self.store.known.drop()
        return team

    async def ensure_exist(self, ids: Iterable[str], field: str = "body.teams") -> None:
        """Raises Invalid."""
        asked = set(ids) - {DEFAULT}
        if not asked:
            return
        there = {row["id"] for row in await self.store.rows({"_id": {"$in": sorted(asked)}}, ())}
        if unknown := sorted(asked - there):
            raise Invalid(f"There is no team {unknown[0]}", f"没有团队“{unknown[0]}”", field)

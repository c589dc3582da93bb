"""Teams over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.triage.teams.domain import DispatchMode, Team, TeamSettings
from services.triage.teams.handlers import TeamHandlers
from shared.http import After, Body, Caller, Limit, Page, View, example, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/teams", tags=["teams"])


class TeamBody(TeamSettings, Body):
    model_config = example(name="数据库组", lead="l-qian", dispatch="push")


class TeamView(View):
    id: str
    """Its id, such as dba"""
    version: int
    """Counts the changes; the ETag names it"""
    name: str
    """What it is called"""
    lead: str | None
    """Who leads it, as a subject"""
    dispatch: DispatchMode
    """pull: engineers claim tickets; push: they are dispatched"""
    acknowledge_minutes: int
    """By when an urgent ticket is acknowledged, before it goes to somebody else"""
    alarm_minutes: int
    """How often an alarm is raised while nobody has an urgent ticket or acknowledges it"""


async def handlers(request: Request) -> TeamHandlers:
    found: TeamHandlers = request.app.state.service.teams
    return found


Handlers = Annotated[TeamHandlers, Depends(handlers)]


@router.get("")
async def list_teams(
    teams: Handlers, _: Annotated[Caller, may("team:read")], after: After = None, limit: Limit = 50
) -> Page[TeamView]:
    """Teams by name. Tickets that are no team's follow the settings of the team `default`."""
    found, next = await teams.store.page({}, teams.store.by_name, after, limit)
    return Page(items=[TeamView.model_validate(one) for one in found], next=next)


@router.get("/{team}")
async def read_team(team: Id, teams: Handlers, _: Annotated[Caller, may("team:read")], response: Response) -> TeamView:
    """A team; `default` is always there."""
    return _shown(await teams.get(team), response)


@router.put("/{team}")
async def put_team(
    team: Id, body: TeamBody, teams: Handlers, caller: Annotated[Caller, may("team:change")], response: Response
) -> TeamView:
    """Enter a team, or change it."""
    return _shown(await teams.put(team, body, caller.origin), response)


def _shown(team: Team, response: Response) -> TeamView:
    tagged(response, team)
    return TeamView.model_validate(team)

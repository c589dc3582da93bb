"""What every route on a work item stands on: the handlers, who asks, and what they get to see."""

from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request, Response

from services.triage.work.domain import WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import Actor
from services.triage.work.views import ReasonView as ReasonView
from services.triage.work.views import WorkView as WorkView
from services.triage.work.views_logs import KeptLogAnalysis as KeptLogAnalysis
from services.triage.work.views_logs import SuggestionView as SuggestionView
from shared.events import Event
from shared.http import Caller, may, repeatable, tagged
from shared.terms import Role


class Act(Protocol):
    """What somebody does to a work item."""

    def __call__(self, item: WorkItem, *, by: Actor, now: datetime) -> list[Event]: ...


async def handlers(request: Request) -> WorkHandlers:
    found: WorkHandlers = request.app.state.service.work
    return found


Work = Annotated[WorkHandlers, Depends(handlers)]
Worker = Annotated[Caller, may("work:do")]


def actor(caller: Caller) -> Actor:
    known = caller.principal
    return Actor(known.sub, known.name or known.sub, Role.LEAD in known.roles)


async def change(
    work: WorkHandlers, caller: Caller, ticket: str, act: Act, response: Response, is_repeatable: bool = False
) -> WorkView:
    """For the assignee, the one before them, and leads: who else may not is refused before anything else is said about
    the work item. `is_repeatable`: the same request within a minute counts as one, also without a key."""
    by, now = actor(caller), work.now()
    origin = repeatable(caller.origin) if is_repeatable else caller.origin
    item = await work.change(ticket, lambda item: act(item, by=by, now=now), origin, by)
    return shown(item, response)


def shown(item: WorkItem, response: Response) -> WorkView:
    tagged(response, item)
    return WorkView.model_validate(item)

"""Improvements over HTTP; they are raised from reviews."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.sla.improvements.domain import State
from services.sla.improvements.handlers import ImprovementHandlers
from services.sla.improvements.shown import ImprovementChange, ImprovementEnd, ImprovementView
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id, Subject

router = APIRouter(prefix="/v1/improvements", tags=["reviews"])


async def handlers(request: Request) -> ImprovementHandlers:
    found: ImprovementHandlers = request.app.state.service.improvements
    return found


Handlers = Annotated[ImprovementHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("review:read")]
MayChange = Annotated[Caller, may("review:make")]


@router.get("")
async def list_improvements(
    improvements: Handlers,
    caller: MayRead,
    state: Annotated[State | None, Query(description="Only those in this state")] = None,
    owner: Annotated[Subject | None, Query(description="Only those that this person sees to")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ImprovementView]:
    """The newest first."""
    wanted = {name: str(value) for name, value in (("state", state), ("owner", owner)) if value is not None}
    found, next = await improvements.page(wanted, after, limit)
    return Page(items=[ImprovementView.of(one, caller.language) for one in found], next=next)


@router.get("/{improvement}")
async def read_improvement(
    improvement: Id, improvements: Handlers, caller: MayRead, response: Response
) -> ImprovementView:
    """What is done, by whom, until when, and what came of it."""
    found = await improvements.store.get(improvement)
    tagged(response, found)
    return ImprovementView.of(found, caller.language)


@router.patch("/{improvement}")
async def change_improvement(
    improvement: Id, body: ImprovementChange, improvements: Handlers, caller: MayChange, response: Response
) -> ImprovementView:
    """Somebody else sees to it, or it is due on another day."""
    found = await improvements.change(improvement, body.owner, body.due_on, caller.origin)
    tagged(response, found)
    return ImprovementView.of(found, caller.language)


@router.put("/{improvement}/end")
async def end_improvement(
    improvement: Id, body: ImprovementEnd, improvements: Handlers, caller: MayChange, response: Response
) -> ImprovementView:
    """It is done, or dropped; nobody is reminded any more."""
    found = await improvements.end(improvement, body.state, body.result, caller.origin)
    tagged(response, found)
    return ImprovementView.of(found, caller.language)

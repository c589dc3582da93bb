"""Models that were learned, over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from services.triage.learning.domain import FEWEST_TEXTS, Learning
from services.triage.learning.handlers import LearningHandlers
from shared.http import Caller, Page, View, may, tagged

router = APIRouter(prefix="/v1/learned-models", tags=["learned models"])
Number = Annotated[int, Path(ge=1, le=1_000_000)]


class LearnedModelView(View):
    number: int
    """From 1"""
    active: bool
    """Whether it classifies"""
    decides: bool
    """Whether it was learned from tickets enough to have a vote; else it only suggests"""
    tickets: int
    """How many it was learned from"""
    categories: list[str]
    """What it tells apart, by key"""
    accuracy: float
    """Of tickets that it had not seen, the share that it sorted rightly"""
    accepted: float
    """The share for which no person is needed"""
    size: int
    """Bytes"""
    learned_at: datetime
    """When"""


async def handlers(request: Request) -> LearningHandlers:
    found: LearningHandlers = request.app.state.service.learning
    return found


Handlers = Annotated[LearningHandlers, Depends(handlers)]


def views(learning: Learning) -> list[LearnedModelView]:
    return [
        LearnedModelView(
            number=one.number,
            active=one.number == learning.active,
            decides=one.texts >= FEWEST_TEXTS,
            tickets=one.texts,
            categories=one.labels,
            accuracy=round(one.accuracy, 4),
            accepted=round(one.accepted, 4),
            size=one.size,
            learned_at=one.at,
        )
        for one in reversed(learning.versions)
    ]


@router.get("")
async def list_learned_models(
    learning: Handlers, _: Annotated[Caller, may("learned_model:read")]
) -> Page[LearnedModelView]:
    """The last models that were learned from confirmed tickets, the newest first, on one page."""
    return Page(items=views(await learning.known()))


@router.post("/{number}/activation")
async def activate_learned_model(
    number: Number, learning: Handlers, caller: Annotated[Caller, may("learned_model:manage")], response: Response
) -> LearnedModelView:
    """Let this model classify, such as the one before. While it is not the newest, newer ones are kept and not used.
    Other replicas follow within half a minute."""
    found = await learning.activate(number, caller.origin)
    tagged(response, found)
    return next(one for one in views(found) if one.number == number)

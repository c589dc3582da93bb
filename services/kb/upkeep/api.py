"""Review tasks over HTTP."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.kb.upkeep.domain import ReviewTask
from services.kb.upkeep.handlers import UpkeepHandlers
from services.kb.upkeep.views import ReviewDone, ReviewTaskView
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/article-reviews", tags=["articles"])


async def handlers(request: Request) -> UpkeepHandlers:
    found: UpkeepHandlers = request.app.state.service.upkeep
    return found


Upkeep = Annotated[UpkeepHandlers, Depends(handlers)]
Reader = Annotated[Caller, may("article:read")]


def shown(task: ReviewTask) -> ReviewTaskView:
    uses: dict[str, Any] = {"used": len(task.uses), "helped": sum(one.helped for one in task.uses)}
    return ReviewTaskView.model_validate({**task.model_dump(), **uses})


@router.get("")
async def list_article_reviews(
    upkeep: Upkeep,
    _: Reader,
    is_open: Annotated[bool, Query(description="Those that wait for somebody, or the others")] = True,
    after: After = None,
    limit: Limit = 50,
) -> Page[ReviewTaskView]:
    """Articles that should be looked at again, the newest first."""
    found, next = await upkeep.tasks.page({"is_open": is_open}, upkeep.tasks.newest_first, after, limit)
    return Page(items=[shown(one) for one in found], next=next)


@router.get("/{article}")
async def read_article_review(article: Id, upkeep: Upkeep, _: Reader, response: Response) -> ReviewTaskView:
    """Why an article should be looked at again, who did before, and how often it helped."""
    task = await upkeep.tasks.get(article)
    tagged(response, task)
    return shown(task)


@router.post("/{article}/completion")
async def complete_article_review(
    article: Id,
    body: ReviewDone,
    upkeep: Upkeep,
    caller: Annotated[Caller, may("article:approve")],
    response: Response,
) -> ReviewTaskView:
    """Say what came of looking at it. The same cause does not ask again."""
    decide = partial(ReviewTask.review, outcome=body.outcome, note=body.note, by=caller.sub, now=upkeep.now())
    task = await upkeep.tasks.change(article, decide, caller.origin)
    tagged(response, task)
    return shown(task)

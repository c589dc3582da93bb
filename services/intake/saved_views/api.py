"""Saved views over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.intake.keeping.domain import audience_of, require_sharing
from services.intake.saved_views.domain import SavedView
from services.intake.saved_views.handlers import SavedViewHandlers
from services.intake.saved_views.views import NewView, SavedViewView, ViewAmendment, stored
from shared.domain import Invalid
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/views", tags=["views"])
PAGE = 50


async def handlers(request: Request) -> SavedViewHandlers:
    found: SavedViewHandlers = request.app.state.service.saved_views
    return found


Handlers = Annotated[SavedViewHandlers, Depends(handlers)]
MayManage = Annotated[Caller, may("view:manage")]


@router.get("")
async def list_views(
    views: Handlers, caller: MayManage, after: After = None, limit: Limit = PAGE
) -> Page[SavedViewView]:
    """One's own views and the team's, in the order in which they were created, each with the number of tickets that
    the caller finds with it."""
    return await _page(views, caller, after, limit)


@router.post("", status_code=201)
async def create_view(body: NewView, views: Handlers, caller: MayManage, response: Response) -> SavedViewView:
    """Keep a search under a name. With the same `Idempotency-Key` the same request is one view."""
    if body.shared:
        require_sharing(_may_share(caller))
    now, who = views.now(), caller.principal
    view = SavedView(
        id="",
        name_zh=body.name_zh,
        name_en=body.name_en,
        owner=who.sub,
        owner_name=who.name,
        audience=audience_of(body.shared, who.sub),
        created_at=now,
        changed_at=now,
        search=stored(body.search),
    ).require_name()
    added = await views.kept.add(view, caller.origin)
    response.headers["Location"] = f"/v1/views/{added.id}"
    return await _shown(added, views, caller, response)


@router.get("/{view}")
async def read_view(view: Id, views: Handlers, caller: MayManage, response: Response) -> SavedViewView:
    """A view of one's own or of the team."""
    return await _shown(await views.kept.get(view, caller.sub), views, caller, response)


@router.patch("/{view}")
async def amend_view(
    view: Id, body: ViewAmendment, views: Handlers, caller: MayManage, response: Response
) -> SavedViewView:
    """Change what it is called or what it looks for, or share it. Only leads and admins change the team's."""
    given = body.model_dump(exclude_none=True, exclude={"search", "shared"})
    if body.search is not None:
        given["search"] = stored(body.search)
    if not given and body.shared is None:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    may_share, now = _may_share(caller), views.now()

    def decide(kept: SavedView) -> None:
        if body.shared is not None:
            kept.move(body.shared, caller.sub, may_share)
        for name, value in given.items():
            setattr(kept, name, value)
        kept.require_name().changed_at = now

    room = "" if body.shared is None else audience_of(body.shared, caller.sub)
    changed = await views.kept.change(
        view, decide, caller.origin, lambda kept: kept.require_keeper(caller.sub, may_share), room
    )
    return await _shown(changed, views, caller, response)


@router.delete("/{view}")
async def remove_view(view: Id, views: Handlers, caller: MayManage) -> Page[SavedViewView]:
    """Remove a view of one's own; leads and admins also the team's. The response is the first page of those that are
    left."""
    may_share = _may_share(caller)
    await views.kept.remove(view, caller.origin, lambda kept: kept.require_keeper(caller.sub, may_share), views.now())
    return await _page(views, caller, None, PAGE)


def _may_share(caller: Caller) -> bool:
    return caller.sees_all("view:share")


async def _shown(view: SavedView, views: SavedViewHandlers, caller: Caller, response: Response) -> SavedViewView:
    tagged(response, view)
    [count] = await views.counts([view], caller)
    return SavedViewView.of(view, count)


async def _page(views: SavedViewHandlers, caller: Caller, after: str | None, limit: int) -> Page[SavedViewView]:
    found, next = await views.kept.list(caller.sub, after, limit)
    counts = await views.counts(found, caller)
    return Page(items=[SavedViewView.of(*pair) for pair in zip(found, counts, strict=True)], next=next)

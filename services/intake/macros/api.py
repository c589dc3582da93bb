"""Macros over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.intake.changes.domain import Action
from services.intake.changes.handlers import check_body, parts_of
from services.intake.changes.parts import Change
from services.intake.keeping.domain import audience_of, require_sharing
from services.intake.macros.domain import Macro, MacroChange
from services.intake.macros.handlers import MacroHandlers, require_staff, text_on
from services.intake.macros.views import MacroAmendment, MacroApplied, MacroPreview, MacroView, NewMacro
from services.intake.tickets.access import read
from shared.domain import Conflict, Invalid
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(tags=["macros"])
PAGE = 50


async def handlers(request: Request) -> MacroHandlers:
    found: MacroHandlers = request.app.state.service.macros
    return found


Handlers = Annotated[MacroHandlers, Depends(handlers)]
MayManage = Annotated[Caller, may("macro:manage")]
MayApply = Annotated[Caller, may("macro:apply")]


@router.get("/v1/macros")
async def list_macros(macros: Handlers, caller: MayManage, after: After = None, limit: Limit = PAGE) -> Page[MacroView]:
    """One's own macros and the team's, in the order in which they were created."""
    return await _page(macros, caller, after, limit)


@router.post("/v1/macros", status_code=201)
async def create_macro(
    body: NewMacro, macros: Handlers, request: Request, caller: MayManage, response: Response
) -> MacroView:
    """Keep an answer that is given often. With the same `Idempotency-Key` the same request is one macro."""
    if body.shared:
        require_sharing(_may_share(caller))
    now, who = macros.now(), caller.principal
    macro = Macro(
        id="",
        **body.model_dump(include={"name_zh", "name_en", "text_zh", "text_en"}),
        owner=who.sub,
        owner_name=who.name,
        audience=audience_of(body.shared, who.sub),
        created_at=now,
        changed_at=now,
        changes=_checked(request, body.changes),
    )
    macro.require_valid()
    added = await macros.kept.add(macro, caller.origin)
    response.headers["Location"] = f"/v1/macros/{added.id}"
    return _shown(added, response)


@router.get("/v1/macros/{macro}")
async def read_macro(macro: Id, macros: Handlers, caller: MayManage, response: Response) -> MacroView:
    """A macro of one's own or of the team."""
    return _shown(await macros.kept.get(macro, caller.sub), response)


@router.patch("/v1/macros/{macro}")
async def amend_macro(
    macro: Id, body: MacroAmendment, macros: Handlers, request: Request, caller: MayManage, response: Response
) -> MacroView:
    """Change what it is called, says or does, or share it. Only leads and admins change the team's."""
    given = body.model_dump(exclude_none=True, exclude={"changes", "shared"})
    if body.changes is not None:
        given["changes"] = _checked(request, body.changes)
    if not given and body.shared is None:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    may_share, now = _may_share(caller), macros.now()

    def decide(kept: Macro) -> None:
        if body.shared is not None:
            kept.move(body.shared, caller.sub, may_share)
        for name, value in given.items():
            setattr(kept, name, value)
        kept.changed_at = now
        kept.require_valid()

    room = "" if body.shared is None else audience_of(body.shared, caller.sub)
    changed = await macros.kept.change(
        macro, decide, caller.origin, lambda kept: kept.require_keeper(caller.sub, may_share), room
    )
    return _shown(changed, response)


@router.delete("/v1/macros/{macro}")
async def remove_macro(macro: Id, macros: Handlers, caller: MayManage) -> Page[MacroView]:
    """Remove a macro of one's own; leads and admins also the team's. The response is the first page of those that are
    left."""
    may_share = _may_share(caller)
    now = macros.now()
    await macros.kept.remove(macro, caller.origin, lambda kept: kept.require_keeper(caller.sub, may_share), now)
    return await _page(macros, caller, None, PAGE)


@router.get("/v1/tickets/{ticket}/macros/{macro}")
async def preview_macro(ticket: Id, macro: Id, macros: Handlers, caller: MayApply, response: Response) -> MacroPreview:
    """What a macro would say and do on a ticket; the ETag is the ticket's."""
    found = await read(macros.conversation.tickets, caller, "macro:apply", ticket)
    require_staff(caller, found)
    one = await macros.kept.get(macro, caller.sub)
    tagged(response, found)
    changes = MacroView.of(one).changes
    return MacroPreview(language=found.contact.language, text=text_on(one, found, caller), changes=changes)


@router.post("/v1/tickets/{ticket}/macros/{macro}")
async def apply_macro(ticket: Id, macro: Id, macros: Handlers, request: Request, caller: MayApply) -> MacroApplied:
    """Say what a macro says, in the customer's language, then make its changes, each with a status of its own. When the
    message is refused, nothing is done. Sent again with the same `Idempotency-Key`, it goes on where it was
    interrupted; without one, the message of the same request within a minute is posted once."""
    found = await read(macros.conversation.tickets, caller, "macro:apply", ticket)
    require_staff(caller, found)
    one = await macros.kept.get(macro, caller.sub)
    actions = [_action(change) for change in one.changes]
    version = caller.origin.if_match
    said = await macros.say(one, found, caller)
    if said is not found:
        version = None  # it has been compared, and is another one now
    async with parts_of(request) as parts:
        items = []
        for number, change in enumerate(one.changes):
            items.append(await parts.do(actions[number], ticket, change.body, version, f"/{number}"))
            version = None
    return MacroApplied(posted=said is not found, items=items)


def _checked(request: Request, changes: list[Change]) -> list[MacroChange]:
    for number, one in enumerate(changes):
        check_body(request.app, one.action, one.body, ("body", "changes", str(number), "body"))
    return [MacroChange(action=one.action.value, body=one.body) for one in changes]


def _action(change: MacroChange) -> Action:
    """Raises Conflict for what a newer version wrote."""
    if change.action not in {*map(str, Action)}:
        raise Conflict(f"{change.action} is not known here yet", f"当前版本尚不支持 {change.action}")
    return Action(change.action)


def _may_share(caller: Caller) -> bool:
    return caller.sees_all("macro:share")


def _shown(macro: Macro, response: Response) -> MacroView:
    tagged(response, macro)
    return MacroView.of(macro)


async def _page(macros: MacroHandlers, caller: Caller, after: str | None, limit: int) -> Page[MacroView]:
    found, next = await macros.kept.list(caller.sub, after, limit)
    return Page(items=[MacroView.of(one) for one in found], next=next)

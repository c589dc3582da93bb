"""Relations between tickets over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.intake.relations.domain import not_related
from services.intake.relations.handlers import RelationHandlers
from services.intake.relations.views import NewRelation, RelationView
from services.intake.tickets.access import TicketsDep, check_access, read, readable_of
from shared.domain import NotFound
from shared.events import RelationKind
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id, OptionalLine

router = APIRouter(prefix="/v1/tickets", tags=["relations"])
PAGE = 50


async def handlers(request: Request) -> RelationHandlers:
    found: RelationHandlers = request.app.state.service.relations
    return found


Handlers = Annotated[RelationHandlers, Depends(handlers)]
MayRelate = Annotated[Caller, may("relation:change")]


@router.get("/{ticket}/relations")
async def list_relations(
    ticket: Id,
    relations: Handlers,
    tickets: TicketsDep,
    caller: Annotated[Caller, may("ticket:read")],
    after: After = None,
    limit: Limit = PAGE,
) -> Page[RelationView]:
    """How it belongs together with other tickets, whichever of the two somebody said it on, the newest first. Customers
    see relations to tickets that they may read; a page may then hold fewer."""
    await read(tickets, caller, "ticket:read", ticket)
    return await _page(relations, caller, ticket, after, limit)


@router.post("/{ticket}/relations", status_code=201)
async def add_relation(
    ticket: Id, body: NewRelation, relations: Handlers, caller: MayRelate, response: Response
) -> RelationView:
    """Say how it belongs together with another ticket; that one shows it too. A second time it changes nothing."""

    await read(relations.tickets, caller, "relation:change", ticket)
    await read(relations.tickets, caller, "ticket:read", body.ticket)
    allow = partial(check_access, caller, "relation:change")
    changed, relation = await relations.add(ticket, body.relation, body.ticket, body.reason, caller.origin, allow)
    tagged(response, changed)
    return RelationView.of(relation, for_staff=True)


@router.delete("/{ticket}/relations/{relation}")
async def remove_relation(
    ticket: Id,
    relation: Id,
    relations: Handlers,
    caller: MayRelate,
    reason: Annotated[OptionalLine, Query(description="Why it does not hold")] = "",
) -> Page[RelationView]:
    """Say that it does not hold, whichever of the two tickets it was said on. The response is the first page of those
    that are left."""

    kind, _, other = relation.partition(":")
    await read(relations.tickets, caller, "relation:change", ticket)
    if not other or not RelationKind.of(kind or "-").is_known:
        raise NotFound(f"{ticket} has no relation {relation}", f"{ticket} 没有关联 {relation}")
    known = RelationKind.of(kind)
    if known in (RelationKind.DUPLICATE_OF, RelationKind.HAS_DUPLICATE):
        raise not_related(ticket, known, other)
    allow = partial(check_access, caller, "relation:change")
    await relations.remove(ticket, known, other, reason, caller.origin, allow)
    return await _page(relations, caller, ticket, None, PAGE)


async def _page(
    relations: RelationHandlers, caller: Caller, ticket: str, after: str | None, limit: int
) -> Page[RelationView]:
    found, next = await relations.store.of(ticket, after, limit)
    readable = await readable_of(relations.tickets, caller, [one.other for one in found])
    for_staff = caller.sees_all("ticket:read")
    items = [RelationView.of(one, for_staff) for one in found if one.other in readable]
    return Page(items=items, next=next)

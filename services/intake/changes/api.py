"""Changes to many tickets over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Request

from services.intake.changes.handlers import check_body, parts_of
from services.intake.changes.views import ChangeResults, NewChanges
from shared.http import Caller, may

router = APIRouter(prefix="/v1/ticket-changes", tags=["tickets"])


@router.post("")
async def change_tickets(
    body: NewChanges, request: Request, _: Annotated[Caller, may("ticket:change_many")]
) -> ChangeResults:
    """Do one thing to many tickets, one after the other, each as if it had been asked for alone: with the caller's own
    permissions, with a status and a problem of its own; what is refused for one does not stop the others. Sent again
    with the same `Idempotency-Key`, it goes on where it was interrupted, and nothing is done twice. When a backend
    server is away, the tickets that are left are not tried and have the status 503."""
    check_body(request.app, body.change.action, body.change.body, ("body", "change", "body"))
    change = body.change
    async with parts_of(request) as parts:
        items = [await parts.do(change.action, one.ticket, change.body, one.version) for one in body.tickets]
    return ChangeResults(items=items, changed=sum(one.problem is None for one in items))

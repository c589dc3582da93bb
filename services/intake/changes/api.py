"""Changes to many tickets over HTTP."""

from typing import Annotated

import httpx2
from fastapi import APIRouter, Request

from services.intake.changes.domain import COMMANDS
from services.intake.changes.handlers import check_body, parts_of
from services.intake.changes.views import ChangeResult, ChangeResults, NewChanges, PartProblem
from shared.http import Caller, may
from shared.http.etag import version_of

router = APIRouter(prefix="/v1/ticket-changes", tags=["tickets"])
AWAY = 503


@router.post("")
async def change_tickets(
    body: NewChanges, request: Request, _: Annotated[Caller, may("ticket:change_many")]
) -> ChangeResults:
    """Do one thing to many tickets, one after the other, each as if it had been asked for alone: with the caller's own
    permissions, with a status and a problem of its own; what is refused for one does not stop the others. Sent again
    with the same `Idempotency-Key`, it goes on where it was interrupted, and nothing is done twice. When a backend
    server is away, the tickets that are left are not tried and have the status 503."""
    check_body(request.app, body.change.action, body.change.body, ("body", "change", "body"))
    command = COMMANDS[body.change.action]
    items: list[ChangeResult] = []
    answer: httpx2.Response | None = None
    async with parts_of(request) as parts:
        for one in body.tickets:
            if answer is None or answer.status_code != AWAY:
                answer = await parts.do(command, one.ticket, body.change.body, one.version)
            items.append(result(one.ticket, answer))
    return ChangeResults(items=items, changed=sum(one.problem is None for one in items))


def result(ticket: str, answer: httpx2.Response) -> ChangeResult:
    said = None if answer.is_success else PartProblem.model_validate(answer.json())
    return ChangeResult(
        ticket=ticket, status=answer.status_code, version=version_of(answer.headers.get("etag")), problem=said
    )

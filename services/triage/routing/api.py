"""What triage answers over HTTP: the queue, who takes what, and how it is classified."""

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from services.triage.handlers import Triage
from services.triage.routing.api_engineers import router as engineers
from services.triage.work.api import router as work
from services.triage.work.store import Row
from services.triage.work.values import Work
from services.triage.work.views import WorkView, answer, person
from shared.http import After, Body, Caller, Limit, Page, may, no_such_page, service
from shared.terms import (
    SUBJECT_LENGTH,
    Category,
    Id,
    Known,
    Line,
    OptionalLine,
    Priority,
    Stage,
    Status,
    Subject,
    WaitingFor,
)

router = APIRouter(tags=["triage"])
Service = Annotated[Triage, Depends(service)]
PLACE = re.compile(r"[0-9] [-0-9T:.]{26} [-0-9T:.]{26} \S+")  # in the queue: `WorkItem.pressing`


class QueueRow(BaseModel):
    ticket: str
    title: str
    customer: str
    company: str
    category: Category
    priority: Priority
    queue: str
    work: Work
    stage: Stage
    status: Status
    assignee: str
    assignee_name: str
    next_due: datetime | None
    breached: bool
    consultation_due: bool
    waiting_for: WaitingFor
    opened_at: datetime
    disputed: bool

    @classmethod
    def of(cls, row: Row) -> "QueueRow":
        known = {"ticket": row["id"], "title": row["problem"]["title"], "status": Stage.of(row["stage"]).status}
        return cls.model_validate({"disputed": False, **row, **known})  # an older release did not keep it


class Claim(Body):
    ticket: Id | None = None
    reason: OptionalLine = ""


class NewAssignment(Body):
    engineer: Subject
    reason: Line


class Release(Body):
    reason: Line


class Classification(Body):
    category: Known[Category]
    priority: Known[Priority]
    reason: Line


@router.get("/queue")
async def read_queue(
    triage: Service,
    _: Annotated[Caller, may("queue:read")],
    queue: Known[Category] | None = None,
    assignee: Annotated[str | None, Query(max_length=SUBJECT_LENGTH)] = None,
    waiting_for: Known[WaitingFor] | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[QueueRow]:
    """Open tickets, the most pressing first; an empty `assignee` gives those that nobody has. A `disputed` one is known
    under a number that another ticket has too: nobody is given it but by a person."""
    if after and not PLACE.fullmatch(after):
        raise no_such_page()
    wanted = {"queue": queue, "assignee": assignee, "waiting_for": waiting_for}
    rows = await triage.work.most_pressing(
        {name: str(value) for name, value in wanted.items() if value is not None}, after or "", limit
    )
    more = rows[-1]["pressing"] if len(rows) == limit else None
    return Page(items=[QueueRow.of(row) for row in rows], next=more)


@router.post("/queue/claims")
async def claim(
    body: Claim, triage: Service, response: Response, caller: Annotated[Caller, may("work:claim")]
) -> WorkView:
    """Take the most pressing ticket that fits, or a certain one; out of turn with a reason."""
    known = caller.principal
    engineer = await triage.registered(known.sub, known.name, known.email, known.language)
    if body.ticket is None:
        return answer(response, await triage.claim_next(engineer, caller.origin))
    return answer(response, await triage.claim(body.ticket, engineer, body.reason, caller.origin))


@router.get("/tickets/{ticket}")
async def read(ticket: Id, triage: Service, response: Response, _: Annotated[Caller, may("work:read")]) -> WorkView:
    return answer(response, await triage.work.get(ticket))


@router.post("/tickets/{ticket}/assignment")
async def assign(
    ticket: Id, body: NewAssignment, triage: Service, response: Response, caller: Annotated[Caller, may("work:assign")]
) -> WorkView:
    """A lead gives it to an engineer, also when somebody else has it."""
    item = await triage.assign(ticket, body.engineer, body.reason, person(caller), caller.origin)
    return answer(response, item)


@router.post("/tickets/{ticket}/release")
async def release(
    ticket: Id, body: Release, triage: Service, response: Response, caller: Annotated[Caller, may("work:release")]
) -> WorkView:
    """Back to the queue; an urgent one goes to another senior engineer at once."""
    return answer(response, await triage.release(ticket, body.reason, person(caller), caller.origin))


@router.post("/tickets/{ticket}/classification")
async def classify(
    ticket: Id,
    body: Classification,
    triage: Service,
    response: Response,
    caller: Annotated[Caller, may("work:classify")],
) -> WorkView:
    """A person's word on category and priority; the same values again confirm them."""
    item = await triage.classify(ticket, body.category, body.priority, body.reason, person(caller), caller.origin)
    return answer(response, item)


router.include_router(work)
router.include_router(engineers)

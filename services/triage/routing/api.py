"""The queue over HTTP, and who takes what."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.triage.routing.api_engineers import Handlers as Engineers
from services.triage.routing.claims import ClaimHandlers
from services.triage.routing.handlers import RoutingHandlers
from services.triage.work.access import Work, WorkView, actor, shown
from services.triage.work.queue_order import QueueOrder
from services.triage.work.values import WorkState
from shared.category_keys import Key
from shared.http import After, Body, Caller, Limit, Page, View, example, may
from shared.store import Row
from shared.terms import (
    SUBJECT_LENGTH,
    Category,
    Id,
    Known,
    Line,
    OptionalLine,
    Priority,
    Subject,
    WaitingFor,
)

router = APIRouter(tags=["queue"])


class QueueRow(View):
    ticket: str
    """The ticket's number"""
    title: str
    """What the problem is called"""
    customer: str
    """The customer's name"""
    company: str
    """Their company; empty if there is none"""
    category: Category
    """What kind of problem it is"""
    priority: Priority
    """How urgent it is"""
    queue: str
    """The queue that it is in"""
    work: WorkState
    """How far the work is"""
    assignee: str
    """The engineer, as a subject; empty if nobody has it"""
    assignee_name: str
    """Their name"""
    due_at: datetime | None
    """The next deadline of its clocks; null while none runs"""
    breached: bool
    """Whether that deadline has passed"""
    due_is_provisional: bool
    """Whether the deadline may move, because it is in a year whose days off are not announced yet"""
    consultation_due: bool
    """Whether experts must be consulted"""
    deep_analysis: bool
    """Whether it is a new problem, in deep analysis"""
    waiting_for: WaitingFor
    """Whom it waits for"""
    opened_at: datetime
    """When the ticket was opened"""
    urges: int
    """How often the customer has asked to hurry"""
    disputed: bool
    """Whether another ticket was opened under this number: only people assign it"""
    team: str
    """The team that it was escalated to; empty: everybody's"""

    @classmethod
    def of(cls, row: Row) -> "QueueRow":
        known = {"ticket": row["id"], "title": row["problem"]["title"], "due_at": row["next_due"]}
        return cls.model_validate({**NOT_KEPT, **row, **known})


NOT_KEPT = {
    "disputed": False,
    "deep_analysis": False,
    "urges": 0,
    "team": "",
    "due_is_provisional": False,
}  # by older releases


class Claim(Body):
    model_config = example(ticket="TK-2026-000001", reason="I know this customer's system")

    ticket: Id | None = None
    """A certain ticket; null for the next one that matches your skills"""
    reason: OptionalLine = ""
    """Why it is claimed out of order"""


class NewAssignment(Body):
    model_config = example(engineer="e-chen", reason="Knows the module")

    engineer: Subject
    """Who is to have it, as a subject"""
    reason: Line
    """Why"""


class Release(Body):
    model_config = example(reason="On leave from tomorrow")

    reason: Line
    """Why"""


class Transfer(Body):
    model_config = example(engineer="e-chen", note="The customer can be reached until six; logs are attached")

    engineer: Subject
    """Who is to have it, as a subject"""
    note: Line
    """What they have to know"""


class Escalation(Body):
    model_config = example(team="dba", reason="The database has to be repaired")

    team: Id
    """The team that is to have it; `default` for everybody's queue"""
    reason: Line
    """Why"""


async def routing(request: Request) -> RoutingHandlers:
    found: RoutingHandlers = request.app.state.service.routing
    return found


async def claims(request: Request) -> ClaimHandlers:
    found: ClaimHandlers = request.app.state.service.claims
    return found


Routing = Annotated[RoutingHandlers, Depends(routing)]
Claims = Annotated[ClaimHandlers, Depends(claims)]


@router.get("/v1/queue")
async def read_queue(
    work: Work,
    _: Annotated[Caller, may("queue:read")],
    queue: Annotated[Key | None, Query(description="Only of this queue")] = None,
    assignee: Annotated[
        str | None, Query(max_length=SUBJECT_LENGTH, description="Only of this engineer; empty: only of nobody")
    ] = None,
    waiting_for: Annotated[Known[WaitingFor] | None, Query(description="Only tickets that wait for this")] = None,
    sort: Annotated[QueueOrder, Query(description="Which come first: by `due`, what has no deadline comes last")] = (
        QueueOrder.QUEUE
    ),
    after: After = None,
    limit: Limit = 50,
) -> Page[QueueRow]:
    """Open tickets, in queue order or by their next deadline. A `disputed` one has a number that another ticket has
    too: only people assign it."""
    filters = {"queue": queue, "assignee": assignee, "waiting_for": waiting_for}
    wanted = {name: str(value) for name, value in filters.items() if value is not None}
    rows, next = await work.store.queue_page(wanted, after, limit, sort)
    return Page(items=[QueueRow.of(row) for row in rows], next=next)


@router.post("/v1/queue/claims")
async def claim_work(
    body: Claim,
    claims: Claims,
    engineers: Engineers,
    caller: Annotated[Caller, may("work:claim")],
    response: Response,
) -> WorkView:
    """Claim the next ticket that matches your skills, or a certain one; out of order only with a reason."""
    engineer = await engineers.register(caller.principal)
    if body.ticket is None:
        return shown(await claims.claim_next(engineer, caller.origin), response)
    return shown(await claims.claim(body.ticket, engineer, body.reason, caller.origin), response)


@router.post("/v1/tickets/{ticket}/work/assignment")
async def assign_work(
    ticket: Id, body: NewAssignment, routing: Routing, caller: Annotated[Caller, may("work:assign")], response: Response
) -> WorkView:
    """Assign a ticket to an engineer, also when it is assigned to another."""
    item = await routing.assign(ticket, body.engineer, body.reason, actor(caller), caller.origin)
    return shown(item, response)


@router.post("/v1/tickets/{ticket}/work/release")
async def release_work(
    ticket: Id, body: Release, routing: Routing, caller: Annotated[Caller, may("work:release")], response: Response
) -> WorkView:
    """Return a ticket to the queue. An urgent one is assigned to another senior engineer at once."""
    return shown(await routing.release(ticket, body.reason, actor(caller), caller.origin), response)


@router.post("/v1/tickets/{ticket}/work/acknowledgement")
async def acknowledge_work(
    ticket: Id, routing: Routing, caller: Annotated[Caller, may("work:do")], response: Response
) -> WorkView:
    """Say that you have the urgent ticket that you were given. Otherwise it goes to somebody else after some minutes.
    Whatever you do on the ticket says so too."""
    return shown(await routing.urgent.acknowledge(ticket, actor(caller), caller.origin), response)


@router.post("/v1/tickets/{ticket}/work/transfer")
async def transfer_work(
    ticket: Id, body: Transfer, routing: Routing, caller: Annotated[Caller, may("work:transfer")], response: Response
) -> WorkView:
    """Give a ticket that you have to a colleague, with a note."""
    item = await routing.transfer(ticket, body.engineer, body.note, actor(caller), caller.origin)
    return shown(item, response)


@router.post("/v1/tickets/{ticket}/work/escalation")
async def escalate_work(
    ticket: Id, body: Escalation, routing: Routing, caller: Annotated[Caller, may("work:escalate")], response: Response
) -> WorkView:
    """Put a ticket into the queue of another team."""
    return shown(await routing.escalate(ticket, body.team, body.reason, actor(caller), caller.origin), response)

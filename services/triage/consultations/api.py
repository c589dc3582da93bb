"""Expert consultations over HTTP (P3.4)."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.triage.consultations import domain as consultations
from services.triage.consultations.bodies import Conclusion, NewConsultation
from services.triage.consultations.handlers import ConsultationHandlers
from services.triage.work.access import Work, Worker, WorkView, actor, change, shown
from services.triage.work.domain import WorkItem
from services.triage.work.values import Actor
from shared.events import Event
from shared.http import Body, Caller, example, may
from shared.terms import Id, Line, OptionalParagraph

router = APIRouter(prefix="/v1/tickets/{ticket}/work/consultation", tags=["work"])
Chair = Annotated[Caller, may("consultation:hold")]


class Reason(Body):
    model_config = example(reason="The cause cannot be reproduced")

    reason: Line
    """Why"""


class Completion(Body):
    model_config = example(result="The index is there since V3.2.2")

    result: OptionalParagraph = ""
    """What was done"""


async def handlers(request: Request) -> ConsultationHandlers:
    found: ConsultationHandlers = request.app.state.service.consultations
    return found


Handlers = Annotated[ConsultationHandlers, Depends(handlers)]


@router.post("", status_code=201)
async def open_consultation(
    ticket: Id, body: NewConsultation, work: Work, caller: Chair, response: Response
) -> WorkView:
    """Open an expert consultation, or prepare the one that was called: whom to invite, when, and what they read before,
    which is taken from the worklog where it is left out."""
    return await change(work, caller, ticket, partial(consultations.prepare, plan=body.plan), response)


@router.put("")
async def change_consultation(
    ticket: Id, body: NewConsultation, work: Work, caller: Chair, response: Response
) -> WorkView:
    """Change the open consultation: all that is so from now on. Who is invited gets the new calendar entry, who is not
    any more a cancellation."""
    return await change(work, caller, ticket, partial(consultations.change, plan=body.plan), response)


@router.post("/request", status_code=201)
async def request_consultation(ticket: Id, body: Reason, work: Work, caller: Worker, response: Response) -> WorkView:
    """Ask for an expert consultation: it is opened, and leads are told to invite the experts."""
    act = partial(consultations.call, cause="engineer", reason=body.reason)
    return await change(work, caller, ticket, act, response)


@router.post("/cancellation")
async def cancel_consultation(ticket: Id, body: Reason, work: Work, caller: Chair, response: Response) -> WorkView:
    """Cancel the open consultation; who was invited gets a cancellation."""
    return await change(work, caller, ticket, partial(consultations.cancel, reason=body.reason), response)


@router.post("/conclusion")
async def conclude_consultation(
    ticket: Id, body: Conclusion, work: Work, held: Handlers, caller: Chair, response: Response
) -> WorkView:
    """Conclude the open consultation, with its minutes and action items."""
    actions = await held.with_addresses(body.items)

    def conclude(item: WorkItem, *, by: Actor, now: datetime) -> list[Event]:
        return consultations.conclude(item, by, body.conclusions, body.action_items, now, body.minutes, actions)

    return await change(work, caller, ticket, conclude, response)


@router.post("/actions/{action}/completion")
async def complete_action(
    ticket: Id, action: Id, body: Completion, held: Handlers, caller: Worker, response: Response
) -> WorkView:
    """Say that an action item is done: its owner, the assignee, or a lead."""
    return shown(await held.finish_action(ticket, action, body.result, actor(caller), caller.origin), response)

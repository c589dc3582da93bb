"""How a ticket is closed, over HTTP: feedback, call-back, second service plan, completion, reopening."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response

from services.intake.tickets import closing
from services.intake.tickets.access import TicketsDep, change
from services.intake.tickets.ticket_view import TicketView
from services.intake.tickets.views import Feedback, NewCallBack, ReopenReason, SecondPlan, SecondPlanResult
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(tags=["closing"])
MayCallBack = Annotated[Caller, may("call_back:record")]


@router.post("/tickets/{number}/feedback")
async def give_feedback(
    number: Id, body: Feedback, tickets: TicketsDep, caller: Annotated[Caller, may("feedback:give")], response: Response
) -> TicketView:
    """Rate the service, which completes the ticket; a dissatisfied customer is called back first."""
    decide = partial(closing.rate, satisfaction=body.satisfaction, comment=body.comment, now=tickets.now())
    return await change(tickets, caller, "feedback:give", number, decide, response)


@router.post("/tickets/{number}/call-back")
async def record_call_back(
    number: Id, body: NewCallBack, tickets: TicketsDep, caller: MayCallBack, response: Response
) -> TicketView:
    """Record the call-back to a dissatisfied customer, and why they were dissatisfied."""
    decide = partial(closing.record_call_back, cause=body.cause, notes=body.notes, by=caller.sub, now=tickets.now())
    return await change(tickets, caller, "call_back:record", number, decide, response)


@router.post("/tickets/{number}/second-plan")
async def agree_second_plan(
    number: Id, body: SecondPlan, tickets: TicketsDep, caller: MayCallBack, response: Response
) -> TicketView:
    """Record the second service plan that was agreed with the customer."""
    decide = partial(closing.agree_second_plan, plan=body.plan, now=tickets.now())
    return await change(tickets, caller, "call_back:record", number, decide, response)


@router.post("/tickets/{number}/second-plan/result")
async def carry_out_second_plan(
    number: Id, body: SecondPlanResult, tickets: TicketsDep, caller: MayCallBack, response: Response
) -> TicketView:
    """Record that the second service plan was carried out, which completes the ticket."""
    decide = partial(closing.carry_out_second_plan, result=body.result, now=tickets.now())
    return await change(tickets, caller, "call_back:record", number, decide, response)


@router.post("/tickets/{number}/completion")
async def complete_ticket(
    number: Id, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:complete")], response: Response
) -> TicketView:
    """Complete a ticket without waiting for feedback any longer."""
    return await change(
        tickets, caller, "ticket:complete", number, partial(closing.complete, now=tickets.now()), response
    )


@router.post("/tickets/{number}/reopening")
async def reopen_ticket(
    number: Id,
    body: ReopenReason,
    tickets: TicketsDep,
    caller: Annotated[Caller, may("ticket:reopen")],
    response: Response,
) -> TicketView:
    """Reopen a completed ticket, which begins another round."""
    decide = partial(closing.reopen, reason=body.reason, now=tickets.now(), within=tickets.settings.reopen_within)
    return await change(tickets, caller, "ticket:reopen", number, decide, response)

"""How a ticket ends, over HTTP: feedback, call-back, second plan, completion, reopening."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.intake.access import Desk, change
from services.intake.tickets import closing
from services.intake.tickets.domain import Ticket
from services.intake.views import Feedback, NewCallBack, Plan, PlanResult, TicketView, Why
from shared.events import Event
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(tags=["closing"])


@router.post("/tickets/{number}/feedback")
async def give_feedback(
    number: Id, body: Feedback, desk: Desk, caller: Annotated[Caller, may("feedback:give")], response: Response
) -> TicketView:
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return closing.rate(ticket, body.satisfaction, body.comment, now)

    return await change(desk, caller, "feedback:give", number, act, response)


@router.post("/tickets/{number}/call-back")
async def record_call_back(
    number: Id, body: NewCallBack, desk: Desk, caller: Annotated[Caller, may("call_back:record")], response: Response
) -> TicketView:
    """A dissatisfied customer was called back: why were they dissatisfied?"""
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return closing.call_back(ticket, body.cause, body.notes, caller.sub, now)

    return await change(desk, caller, "call_back:record", number, act, response)


@router.post("/tickets/{number}/second-plan")
async def agree_second_plan(
    number: Id, body: Plan, desk: Desk, caller: Annotated[Caller, may("call_back:record")], response: Response
) -> TicketView:
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return closing.agree_plan(ticket, body.plan, now)

    return await change(desk, caller, "call_back:record", number, act, response)


@router.post("/tickets/{number}/second-plan/result")
async def carry_out_second_plan(
    number: Id, body: PlanResult, desk: Desk, caller: Annotated[Caller, may("call_back:record")], response: Response
) -> TicketView:
    """The second plan was carried out: the ticket is completed."""
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return closing.carry_out_plan(ticket, body.result, now)

    return await change(desk, caller, "call_back:record", number, act, response)


@router.post("/tickets/{number}/completion")
async def complete_ticket(
    number: Id, desk: Desk, caller: Annotated[Caller, may("ticket:complete")], response: Response
) -> TicketView:
    """A lead ends the wait for feedback."""
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return closing.complete(ticket, now)

    return await change(desk, caller, "ticket:complete", number, act, response)


@router.post("/tickets/{number}/reopening")
async def reopen_ticket(
    number: Id, body: Why, desk: Desk, caller: Annotated[Caller, may("ticket:reopen")], response: Response
) -> TicketView:
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return closing.reopen(ticket, body.reason, now)

    return await change(desk, caller, "ticket:reopen", number, act, response)

"""How a ticket is closed, over HTTP: feedback, call-back, second service plan, completion, reopening."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Response

from services.intake.tickets import closing
from services.intake.tickets.access import TicketsDep, TicketView, change, read
from shared.http import Body, Caller, example, may
from shared.terms import Id, Known, Line, Moment, OptionalParagraph, Outcome, Paragraph, Satisfaction

router = APIRouter(prefix="/v1/tickets", tags=["closing"])
MayCallBack = Annotated[Caller, may("call_back:record")]


class Feedback(Body):
    model_config = example(satisfaction="satisfied", comment="Quick and friendly")

    satisfaction: Known[Satisfaction]
    """The rating"""
    comment: OptionalParagraph = ""
    """What else there is to say"""


class NewCallBack(Body):
    model_config = example(cause="Waited too long", notes="Would like a call each morning")

    cause: Line
    """Why they were dissatisfied: the id or a name of one of the listed causes; any words where none is listed"""
    notes: OptionalParagraph = ""
    """What else was said"""


class SecondPlan(Body):
    model_config = example(
        plan="Watch the month-end export together with the customer",
        owner="a-lin",
        due_at="2026-03-09T18:00:00+08:00",
    )

    plan: Paragraph
    """What was agreed with the customer"""
    owner: Id | None = None
    """Who sees to it, as a subject; null: who records it"""
    due_at: Moment | None = None
    """Until when; null: in a week"""


class SecondPlanResult(Body):
    model_config = example(result="Every export of the week worked")

    result: Paragraph
    """What came of the plan"""


class Closure(Body):
    model_config = example(outcome="duplicate", reason="Reported twice", duplicate_of="TK-2026-000001")

    outcome: Known[Outcome]
    """How it ends: cancelled, duplicate, spam, wrong_desk or no_answer"""
    reason: Line
    """Why"""
    duplicate_of: Id | Literal[""] = ""
    """The number of the ticket that it is a duplicate of"""


class ReopenReason(Body):
    model_config = example(reason="It crashes again since the update")

    reason: Paragraph
    """Why"""


@router.post("/{ticket}/feedback")
async def give_feedback(
    ticket: Id, body: Feedback, tickets: TicketsDep, caller: Annotated[Caller, may("feedback:give")], response: Response
) -> TicketView:
    """Rate the service, which completes the ticket; a dissatisfied customer is called back first."""
    decide = partial(closing.rate, satisfaction=body.satisfaction, comment=body.comment, now=tickets.now())
    return await change(tickets, caller, "feedback:give", ticket, decide, response)


@router.post("/{ticket}/call-back")
async def record_call_back(
    ticket: Id, body: NewCallBack, tickets: TicketsDep, caller: MayCallBack, response: Response
) -> TicketView:
    """Record the call-back to a dissatisfied customer, and why they were dissatisfied."""
    listed = await tickets.call_back_causes.chosen(body.cause)
    decide = partial(
        closing.record_call_back,
        cause=f"{listed.name_zh} · {listed.name_en}" if listed else body.cause,
        listed_cause=listed.id if listed else "",
        notes=body.notes,
        by=caller.sub,
        now=tickets.now(),
    )
    return await change(tickets, caller, "call_back:record", ticket, decide, response)


@router.post("/{ticket}/second-plan")
async def agree_second_plan(
    ticket: Id, body: SecondPlan, tickets: TicketsDep, caller: MayCallBack, response: Response
) -> TicketView:
    """Record the second service plan that was agreed with the customer."""
    decide = partial(
        closing.agree_second_plan,
        plan=body.plan,
        owner=body.owner or caller.sub,
        due_at=body.due_at,
        now=tickets.now(),
    )
    return await change(tickets, caller, "call_back:record", ticket, decide, response)


@router.post("/{ticket}/second-plan/result")
async def carry_out_second_plan(
    ticket: Id, body: SecondPlanResult, tickets: TicketsDep, caller: MayCallBack, response: Response
) -> TicketView:
    """Record that the second service plan was carried out. The customer is asked to rate again, which completes the
    ticket; so does the end of the wait for it, or a lead."""
    wait = tickets.settings.feedback_wait
    decide = partial(closing.carry_out_second_plan, result=body.result, now=tickets.now(), feedback_wait=wait)
    return await change(tickets, caller, "call_back:record", ticket, decide, response)


@router.post("/{ticket}/completion")
async def complete_ticket(
    ticket: Id, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:complete")], response: Response
) -> TicketView:
    """Complete a ticket without waiting for feedback any longer."""
    return await change(
        tickets, caller, "ticket:complete", ticket, partial(closing.complete, now=tickets.now()), response
    )


@router.post("/{ticket}/closure")
async def close_ticket(
    ticket: Id,
    body: Closure,
    tickets: TicketsDep,
    caller: Annotated[Caller, may("ticket:cancel")],
    response: Response,
) -> TicketView:
    """Close a ticket that is not solved. Customers cancel their own; staff also close duplicates, spam, what is not for
    this desk, and what nobody answers. It can be reopened like a completed one."""
    if body.outcome != Outcome.CANCELLED:
        caller.check("ticket:close")
    if body.duplicate_of:
        await read(tickets, caller, "ticket:read", body.duplicate_of)
    decide = partial(
        closing.close,
        outcome=body.outcome,
        reason=body.reason,
        duplicate_of=body.duplicate_of,
        now=tickets.now(),
    )
    return await change(tickets, caller, "ticket:cancel", ticket, decide, response)


@router.post("/{ticket}/reopening")
async def reopen_ticket(
    ticket: Id,
    body: ReopenReason,
    tickets: TicketsDep,
    caller: Annotated[Caller, may("ticket:reopen")],
    response: Response,
) -> TicketView:
    """Reopen a completed ticket, which begins another round."""
    decide = partial(closing.reopen, reason=body.reason, now=tickets.now(), within=tickets.settings.reopen_within)
    return await change(tickets, caller, "ticket:reopen", ticket, decide, response)

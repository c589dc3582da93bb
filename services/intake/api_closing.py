"""How a ticket ends, over HTTP: consents, verification, feedback, call-back, second plan, completion, reopening."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.intake import closing, consents, verification
from services.intake.access import Desk, change, read, right
from services.intake.domain import Ticket
from services.intake.parts import Consent
from services.intake.views import (
    Feedback,
    Judgement,
    LinkView,
    NewCallBack,
    NewConsent,
    NewLink,
    Plan,
    PlanResult,
    TicketView,
    Why,
)
from shared.auth import Scope
from shared.domain import Forbidden, Invalid
from shared.events import Event
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(tags=["closing"])


@router.post("/tickets/{number}/consents", status_code=201)
async def give_consent(
    number: Id, body: NewConsent, desk: Desk, caller: Annotated[Caller, may("ticket:read")], response: Response
) -> TicketView:
    """Written consent to remote assistance: the customer's own, or recorded by staff with the customer's words."""
    now = desk.now()
    if body.expires_at and body.expires_at <= now:
        raise Invalid("the consent would have expired already", "授权到期时间已过")

    def allow(ticket: Ticket) -> Scope:
        right(caller, "ticket:read", ticket)
        try:
            return caller.check("consent:give", ticket.contact.sub, ticket.company)
        except Forbidden:
            return caller.check("consent:record", ticket.contact.sub, ticket.company)

    def act(ticket: Ticket, by_staff: bool) -> list[Event]:
        if by_staff and not body.given_by:
            raise Invalid("say who on the customer's side gave it", "请填写授权人")
        consent = Consent(
            id=f"c{len(ticket.consents) + 1}",
            scope=body.scope,
            given_by=body.given_by if by_staff else caller.principal.name or caller.sub,
            recorded_by=caller.sub,
            words=body.words,
            at=now,
            expires_at=body.expires_at,
        )
        return consents.give(ticket, consent, now)

    return await change(desk, caller, allow, number, act, response)


@router.post("/tickets/{number}/consents/{consent}/revocation")
async def revoke_consent(
    number: Id, consent: Id, desk: Desk, caller: Annotated[Caller, may("consent:revoke")], response: Response
) -> TicketView:
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return consents.revoke(ticket, consent, now)

    return await change(desk, caller, "consent:revoke", number, act, response)


@router.post("/tickets/{number}/verification")
async def judge_solution(
    number: Id, body: Judgement, desk: Desk, caller: Annotated[Caller, may("solution:judge")], response: Response
) -> TicketView:
    """The customer's word in production: yes solves the ticket, no begins another round."""
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return verification.judge(ticket, body.accepted, body.comment, now)

    return await change(desk, caller, "solution:judge", number, act, response)


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


@router.post("/tickets/{number}/links", status_code=201)
async def issue_link(number: Id, body: NewLink, desk: Desk, caller: Annotated[Caller, may("link:issue")]) -> LinkView:
    """A signed link by which the customer does one thing without signing in; it is valid for seven days."""
    ticket = await read(desk, caller, "link:issue", number)
    return LinkView(url=desk.link(ticket, body.action))

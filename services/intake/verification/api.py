"""What needs the customer's word, over HTTP: consents, verification, by themselves, by a link, on the telephone."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.intake.access import Desk, change, right
from services.intake.consents import domain as consents
from services.intake.links import domain as invitations
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Consent, PhoneVerification
from services.intake.verification import phone
from services.intake.verification.domain import judge
from services.intake.views import Judgement, LinkSent, NewConsent, NewLink, NewPhoneVerification, TicketView
from shared.auth import Scope
from shared.domain import Forbidden, Invalid
from shared.events import Event
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(tags=["verification"])


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
        return judge(ticket, body.accepted, body.comment, now)

    return await change(desk, caller, "solution:judge", number, act, response)


@router.post("/tickets/{number}/links", status_code=202)
async def send_link(
    number: Id, body: NewLink, desk: Desk, caller: Annotated[Caller, may("link:send")], response: Response
) -> LinkSent:
    """Have the desk send the customer a link by which they do one thing without signing in. It goes to the contact's
    own address and is shown to nobody else; it is valid for seven days and ends with the round."""
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return invitations.request(ticket, body.action, now)

    ticket = await change(desk, caller, "link:send", number, act, response, again=True)
    return LinkSent(action=body.action, round=ticket.round, sent_to=invitations.masked(ticket.contact.email))


@router.post("/tickets/{number}/phone-verifications", status_code=201)
async def record_phone_verification(
    number: Id,
    body: NewPhoneVerification,
    desk: Desk,
    caller: Annotated[Caller, may("phone_verification:record")],
    response: Response,
) -> TicketView:
    """Write down what the customer said of the solution on the telephone. It counts once somebody else has confirmed
    it, within a day."""
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        call = PhoneVerification(
            id=f"p{len(ticket.phone_verifications) + 1}",
            round=ticket.round,
            recorded_by=caller.sub,
            recorded_at=now,
            **{**body.model_dump(), "called_at": body.called_at or now},
        )
        return phone.record(ticket, call)

    return await change(desk, caller, "phone_verification:record", number, act, response, again=True)


@router.post("/tickets/{number}/phone-verifications/{verification}/confirmation")
async def confirm_phone_verification(
    number: Id,
    verification: Id,
    desk: Desk,
    caller: Annotated[Caller, may("phone_verification:confirm")],
    response: Response,
) -> TicketView:
    """A second member of staff confirms it: now it is the customer's word."""
    now = desk.now()

    def act(ticket: Ticket, _: bool) -> list[Event]:
        return phone.confirm(ticket, verification, caller.sub, now)

    return await change(desk, caller, "phone_verification:confirm", number, act, response)

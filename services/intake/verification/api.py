"""The customer's word on a solution, over HTTP: by themselves, or on the telephone."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response

from services.intake.tickets.access import TicketsDep, TicketView, change
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import PhoneVerification
from services.intake.verification import phone
from services.intake.verification.domain import review_solution
from services.intake.verification.views import NewPhoneVerification, SolutionReview
from shared.events import Event
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(prefix="/v1/tickets", tags=["verification"])


@router.post("/{ticket}/verification")
async def verify_solution(
    ticket: Id,
    body: SolutionReview,
    tickets: TicketsDep,
    caller: Annotated[Caller, may("solution:review")],
    response: Response,
) -> TicketView:
    """Say whether the solution works in production. If so, the ticket is resolved; if not, another round begins."""
    wait = tickets.settings.feedback_wait
    decide = partial(
        review_solution, accepted=body.accepted, comment=body.comment, now=tickets.now(), feedback_wait=wait
    )
    return await change(tickets, caller, "solution:review", ticket, decide, response)


@router.post("/{ticket}/phone-verifications", status_code=201)
async def record_phone_verification(
    ticket: Id,
    body: NewPhoneVerification,
    tickets: TicketsDep,
    caller: Annotated[Caller, may("phone_verification:record")],
    response: Response,
) -> TicketView:
    """Record what the customer said about the solution on the phone. It counts once someone else has confirmed it,
    within a day by default."""
    now = tickets.now()

    def decide(ticket: Ticket) -> list[Event]:
        call = PhoneVerification(
            id=f"p{len(ticket.phone_verifications) + 1}",
            round=ticket.round,
            recorded_by=caller.sub,
            recorded_at=now,
            accepted=body.accepted,
            given_by=body.given_by,
            number=body.phone,
            words=body.words,
            called_at=body.called_at or now,
        )
        return phone.record(ticket, call)

    return await change(tickets, caller, "phone_verification:record", ticket, decide, response, is_repeatable=True)


@router.post("/{ticket}/phone-verifications/{verification}/confirmation")
async def confirm_phone_verification(
    ticket: Id,
    verification: Id,
    tickets: TicketsDep,
    caller: Annotated[Caller, may("phone_verification:confirm")],
    response: Response,
) -> TicketView:
    """Confirm what someone else recorded; from now on it counts as the customer's own answer."""
    within, wait = tickets.settings.confirm_within, tickets.settings.feedback_wait
    decide = partial(
        phone.confirm, id=verification, by=caller.sub, now=tickets.now(), within=within, feedback_wait=wait
    )
    return await change(tickets, caller, "phone_verification:confirm", ticket, decide, response)

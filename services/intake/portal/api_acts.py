"""What customers do with a ticket. Each form comes back to the ticket: with what was done, or with why it was not."""

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.intake.consents import domain as consents
from services.intake.conversation import domain as conversation
from services.intake.pages.forms import Filled, answers_in, valid
from services.intake.portal import shown
from services.intake.portal.api_sign_in import Portal
from services.intake.portal.api_tickets import PAGES
from services.intake.portal.bodies import Sent, body, sent
from services.intake.portal.forms import MessageForm, RatingForm, ReviewForm, UrgeForm
from services.intake.portal.handlers import PortalHandlers
from services.intake.portal.route import PageRoute
from services.intake.portal.session import Customer
from services.intake.tickets import urging
from services.intake.tickets.access import author, check_access, read
from services.intake.tickets.closing import MovedOn, rate
from services.intake.tickets.domain import Ticket
from services.intake.verification.domain import review_solution
from shared.auth import Scope
from shared.domain import Conflict, Invalid, Refusal
from shared.events import Event
from shared.http import Caller
from shared.store import Decide
from shared.terms import Id, Satisfaction

router = APIRouter(prefix="/portal/tickets", tags=["portal"], route_class=PageRoute, responses=PAGES)
Act = Callable[[Sent], Awaitable[str]]  # returns the ticket to go on with


@router.post("/{ticket}/messages", response_class=HTMLResponse, openapi_extra=body("text", files=True))
async def say_on_page(request: Request, ticket: Id, portal: Portal, caller: Customer) -> Response:
    """Write something, or add files."""

    async def act(given: Sent) -> str:
        number = ticket
        if given.values.get("text", "").strip():
            message = valid(MessageForm, given.values)
            number = (await portal.say(caller, ticket, message.text, given.origin)).id
        elif not given.files:
            raise Invalid(*portal.pages.both("nothing_written"), "text")
        await portal.add_files(caller, number, given.files, given.origin)
        return number

    return await _done(request, portal, caller, ticket, "message", act)


@router.post("/{ticket}/answers", response_class=HTMLResponse, openapi_extra=body())
async def answer_on_page(request: Request, ticket: Id, portal: Portal, caller: Customer) -> Response:
    """Answer guided questions: a field `answer_…` for each."""

    async def act(given: Sent) -> str:
        answers = answers_in(given.values)
        if not answers:
            raise Invalid(*portal.pages.both("nothing_written"), "text")
        who, now = author(caller, Scope.OWN), portal.tickets.now()
        forms = await portal.tickets.forms.known()
        decide = partial(conversation.answer, answers=answers, author=who, now=now, forms=forms)
        return await _change(portal, caller, "ticket:answer", ticket, decide, given)

    return await _done(request, portal, caller, ticket, "answers", act)


@router.post("/{ticket}/urges", response_class=HTMLResponse, openapi_extra=body("comment"))
async def urge_on_page(request: Request, ticket: Id, portal: Portal, caller: Customer) -> Response:
    """Ask the desk to hurry, at most once an hour."""

    async def act(given: Sent) -> str:
        why = valid(UrgeForm, given.values).comment
        decide = partial(urging.urge, comment=why, now=portal.tickets.now())
        return await _change(portal, caller, "ticket:urge", ticket, decide, given)

    return await _done(request, portal, caller, ticket, "urge", act)


@router.post("/{ticket}/verification", response_class=HTMLResponse, openapi_extra=body("accepted", "comment"))
async def review_on_page(request: Request, ticket: Id, portal: Portal, caller: Customer) -> Response:
    """Say whether the solution works."""

    async def act(given: Sent) -> str:
        if given.values.get("accepted") not in ("true", "false"):
            raise Invalid(*portal.pages.both("choose_answer"), "accepted")
        said, wait = valid(ReviewForm, given.values), portal.tickets.settings.feedback_wait
        decide = partial(
            review_solution,
            accepted=said.accepted,
            comment=said.comment,
            now=portal.tickets.now(),
            feedback_wait=wait,
        )
        return await _change(portal, caller, "solution:review", ticket, decide, given)

    return await _done(request, portal, caller, ticket, "verification", act)


@router.post("/{ticket}/feedback", response_class=HTMLResponse, openapi_extra=body("satisfaction", "comment"))
async def rate_on_page(request: Request, ticket: Id, portal: Portal, caller: Customer) -> Response:
    """Rate the service."""

    async def act(given: Sent) -> str:
        said = valid(RatingForm, given.values)
        rating = Satisfaction.of(said.satisfaction or "none")
        if not rating.is_known:
            raise Invalid("Please select how satisfied you are", "请选择满意度", "satisfaction")
        decide = partial(rate, satisfaction=rating, comment=said.comment, now=portal.tickets.now())
        return await _change(portal, caller, "feedback:give", ticket, decide, given)

    return await _done(request, portal, caller, ticket, "feedback", act)


@router.post("/{ticket}/consents/{consent}/revocation", response_class=HTMLResponse, openapi_extra=body())
async def revoke_on_page(request: Request, ticket: Id, consent: Id, portal: Portal, caller: Customer) -> Response:
    """Revoke a consent to remote assistance."""

    async def act(given: Sent) -> str:
        decide = partial(consents.revoke, id=consent, now=portal.tickets.now())
        return await _change(portal, caller, "consent:revoke", ticket, decide, given)

    return await _done(request, portal, caller, ticket, "revocation", act)


# ---- inside


async def _change(
    portal: PortalHandlers, caller: Caller, permission: str, number: str, decide: Decide[Ticket], given: Sent
) -> str:
    def allow(ticket: Ticket) -> object:
        return check_access(caller, permission, ticket)

    def here(ticket: Ticket) -> list[Event]:
        try:
            return decide(ticket)
        except MovedOn as moved:
            raise Conflict(
                f"It is handled in {moved.into} now; please write there", f"已在 {moved.into} 中处理，请在该工单中留言"
            ) from None

    return (await portal.tickets.store.change(number, here, given.origin, allow)).id


async def _done(request: Request, portal: PortalHandlers, caller: Caller, number: str, what: str, act: Act) -> Response:
    """Who may not even read it learns nothing, before their form is read."""
    await read(portal.tickets, caller, "ticket:read", number)
    async with sent(request, caller) as given:
        try:
            to = await act(given)
        except Refusal as refusal:
            ticket = await read(portal.tickets, caller, "ticket:read", number)
            said = refusal.detail.in_(caller.language)
            if isinstance(refusal, Invalid) and refusal.field:
                name = refusal.field.removeprefix("body.").replace("answers.", "answer_")
                errors = {name: refusal.detail}
            else:
                errors = {}
            filled = Filled(given.values, errors)
            return await shown.ticket_page(request, portal, caller, ticket, filled, said, refusal.status)
    return RedirectResponse(f"/portal/tickets/{to}?done={what}", 303)

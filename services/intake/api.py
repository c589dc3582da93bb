"""Intake over HTTP: tickets, their conversation, attachments, consents, verification and feedback."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter, ValidationError

from services.intake.domain import Ticket
from services.intake.handlers import Decide, Intake, facts_of
from services.intake.uploads import BODY, uploaded
from services.intake.views import (
    Amendment,
    Answers,
    Feedback,
    Judgement,
    LinkView,
    NewCallBack,
    NewConsent,
    NewLink,
    NewMessage,
    NewTicket,
    Plan,
    PlanResult,
    TicketRow,
    TicketView,
    Why,
)
from shared.auth import Scope, scope_of
from shared.domain import Forbidden, Invalid, NotFound
from shared.events import Contact, Event
from shared.http import After, Caller, Limit, Page, may, no_such_page, repeatable, service, tagged
from shared.telemetry import about_ticket
from shared.terms import Channel, Id, Moment

router = APIRouter(tags=["tickets"])
Desk = Annotated[Intake, Depends(service)]
CHUNK = 255 * 1024


@router.post("/tickets", status_code=201)
async def open_ticket(
    body: NewTicket, desk: Desk, caller: Annotated[Caller, may("ticket:open")], response: Response
) -> TicketView:
    """Open a ticket. What the description leaves open comes back as guided questions.

    Answers 200 with the ticket that there is when the request is a repetition: the same Idempotency-Key, or, without
    one, the same content by the same person within a minute.
    """
    who = caller.principal
    if body.customer and not who.is_staff:
        raise Forbidden("only staff open tickets for others", "只有工作人员可以代他人提交工单")
    if who.is_staff:
        if not body.customer:
            raise Invalid("say for which customer", "请填写客户信息")
        contact = Contact(**body.customer.model_dump(exclude={"company"}))
        company, channel, taken_by = body.customer.company, body.channel, who.sub
    else:
        language = who.language[:2] if who.language[:2] in ("zh", "en") else caller.language
        contact = Contact(name=who.name or who.sub, sub=who.sub, email=who.email, language=language)
        company, channel, taken_by = who.company, Channel.ONLINE, f"channel:{Channel.ONLINE}"
    customer = company or contact.sub or contact.name
    ticket, new = await desk.open(body.problem(), customer, company, contact, channel, taken_by, caller.origin)
    about_ticket(ticket.id)
    if not new:
        response.status_code = 200
    response.headers["Location"] = f"/tickets/{ticket.id}"
    tagged(response, ticket)
    return TicketView.of(ticket, who.is_staff)


@router.get("/tickets")
async def list_tickets(
    desk: Desk, caller: Annotated[Caller, may("ticket:read")], after: After = None, limit: Limit = 50
) -> Page[TicketRow]:
    """Newest first: one's own, the company's, or all, as the role allows."""
    scope = scope_of(caller.principal, "ticket:read")
    query = {}
    if scope is Scope.OWN:
        query = {"contact.sub": caller.sub}
    elif scope is Scope.COMPANY:
        query = {"company": caller.principal.company or "-"}
    before, number = _place(after) if after else (desk.now(), "~")
    found = await desk.tickets.newest(query, before, number, limit)
    next = f"{found[-1]['opened_at'].isoformat()}|{found[-1]['id']}" if len(found) == limit else None
    return Page(items=[TicketRow.of(row) for row in found], next=next)


@router.get("/tickets/{number}")
async def read_ticket(
    number: Id, desk: Desk, caller: Annotated[Caller, may("ticket:read")], response: Response
) -> TicketView:
    ticket = await _mine(desk, caller, "ticket:read", number)
    tagged(response, ticket)
    return TicketView.of(ticket, caller.principal.is_staff)


@router.patch("/tickets/{number}")
async def amend_ticket(
    number: Id, body: Amendment, desk: Desk, caller: Annotated[Caller, may("ticket:amend")], response: Response
) -> TicketView:
    """Correct or complete what is known of the problem."""
    facts = facts_of(body.model_dump())
    if not facts:
        raise Invalid("nothing to amend", "没有需要修改的内容")
    now = desk.now()
    return await _change(desk, caller, "ticket:amend", number, lambda t: t.amend(facts, now), response)


@router.post("/tickets/{number}/answers")
async def answer_questions(
    number: Id, body: Answers, desk: Desk, caller: Annotated[Caller, may("ticket:answer")], response: Response
) -> TicketView:
    """Answer guided questions; the answers become facts of the problem."""
    who, now = caller.principal, desk.now()

    def decide(ticket: Ticket) -> list[Event]:
        return ticket.answer(body.answers, who.sub, who.name, who.is_staff, now)

    return await _change(desk, caller, "ticket:answer", number, decide, response)


@router.post("/tickets/{number}/messages", status_code=201)
async def post_message(
    number: Id, body: NewMessage, desk: Desk, caller: Annotated[Caller, may("message:post")], response: Response
) -> TicketView:
    """Write on the ticket; an internal note is for staff only. The first reply of staff meets the response clock."""
    who, now = caller.principal, desk.now()
    if body.internal:
        caller.check("note:post")

    def decide(ticket: Ticket) -> list[Event]:
        return ticket.post(body.text, who.sub, who.name, who.is_staff, body.internal, Channel.ONLINE, now)

    return await _change(desk, caller, "message:post", number, decide, response, again=True)


@router.post("/tickets/{number}/attachments", status_code=201, openapi_extra=BODY)
async def add_attachment(
    number: Id,
    desk: Desk,
    caller: Annotated[Caller, may("attachment:add")],
    response: Response,
    request: Request,
) -> TicketView:
    """Add a file of 20 MB at most."""
    ticket = await _mine(desk, caller, "attachment:add", number)
    staff = caller.principal.is_staff
    async with uploaded(request) as (file, name):

        async def chunks() -> AsyncIterator[bytes]:
            while chunk := await file.read(CHUNK):
                yield chunk

        media_type = (file.content_type or "application/octet-stream")[:100]
        ticket = await desk.attach(number, name, media_type, chunks(), staff, caller.origin)
    tagged(response, ticket)
    return TicketView.of(ticket, staff)


@router.get("/tickets/{number}/attachments/{attachment}")
async def read_attachment(
    number: Id, attachment: Id, desk: Desk, caller: Annotated[Caller, may("attachment:read")]
) -> StreamingResponse:
    """The file, always as a download: it is never shown inside our pages."""
    ticket = await _mine(desk, caller, "attachment:read", number)
    found = next((there for there in ticket.attachments if there.id == attachment), None)
    if found is None:
        raise NotFound(f"there is no attachment {attachment}", f"没有编号为 {attachment} 的附件")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox",
        "Content-Length": str(found.size),
    }
    return StreamingResponse(desk.files.read(attachment), headers=headers, media_type="application/octet-stream")


@router.post("/tickets/{number}/consents", status_code=201)
async def give_consent(
    number: Id, body: NewConsent, desk: Desk, caller: Annotated[Caller, may("ticket:read")], response: Response
) -> TicketView:
    """Written consent to remote assistance: the customer's own, or recorded by staff with the customer's words."""
    staff = caller.principal.is_staff
    await _mine(desk, caller, "consent:record" if staff else "consent:give", number)
    if staff and not body.given_by:
        raise Invalid("say who on the customer's side gave it", "请填写授权人")
    given_by = body.given_by if staff else caller.principal.name or caller.sub
    ticket = await desk.consent(number, caller, body.scope, given_by, body.words, body.expires_at)
    tagged(response, ticket)
    return TicketView.of(ticket, staff)


@router.post("/tickets/{number}/consents/{consent}/revocation")
async def revoke_consent(
    number: Id, consent: Id, desk: Desk, caller: Annotated[Caller, may("consent:revoke")], response: Response
) -> TicketView:
    now = desk.now()
    return await _change(desk, caller, "consent:revoke", number, lambda t: t.revoke_consent(consent, now), response)


@router.post("/tickets/{number}/verification")
async def judge_solution(
    number: Id, body: Judgement, desk: Desk, caller: Annotated[Caller, may("solution:judge")], response: Response
) -> TicketView:
    """The customer's word in production: yes solves the ticket, no begins another round."""
    now = desk.now()

    def decide(ticket: Ticket) -> list[Event]:
        return ticket.judge(body.accepted, body.comment, now)

    return await _change(desk, caller, "solution:judge", number, decide, response)


@router.post("/tickets/{number}/feedback")
async def give_feedback(
    number: Id, body: Feedback, desk: Desk, caller: Annotated[Caller, may("feedback:give")], response: Response
) -> TicketView:
    now = desk.now()

    def decide(ticket: Ticket) -> list[Event]:
        return ticket.rate(body.satisfaction, body.comment, now)

    return await _change(desk, caller, "feedback:give", number, decide, response)


@router.post("/tickets/{number}/call-back")
async def record_call_back(
    number: Id, body: NewCallBack, desk: Desk, caller: Annotated[Caller, may("call_back:record")], response: Response
) -> TicketView:
    """A dissatisfied customer was called back: why were they dissatisfied?"""
    now = desk.now()

    def decide(ticket: Ticket) -> list[Event]:
        return ticket.called_back(body.cause, body.notes, caller.sub, now)

    return await _change(desk, caller, "call_back:record", number, decide, response)


@router.post("/tickets/{number}/second-plan")
async def agree_second_plan(
    number: Id, body: Plan, desk: Desk, caller: Annotated[Caller, may("call_back:record")], response: Response
) -> TicketView:
    now = desk.now()
    return await _change(desk, caller, "call_back:record", number, lambda t: t.agree_plan(body.plan, now), response)


@router.post("/tickets/{number}/second-plan/result")
async def carry_out_second_plan(
    number: Id, body: PlanResult, desk: Desk, caller: Annotated[Caller, may("call_back:record")], response: Response
) -> TicketView:
    """The second plan was carried out: the ticket is completed."""
    now = desk.now()

    def decide(ticket: Ticket) -> list[Event]:
        return ticket.carry_out_plan(body.result, now)

    return await _change(desk, caller, "call_back:record", number, decide, response)


@router.post("/tickets/{number}/completion")
async def complete_ticket(
    number: Id, desk: Desk, caller: Annotated[Caller, may("ticket:complete")], response: Response
) -> TicketView:
    """A lead ends the wait for feedback."""
    now = desk.now()
    return await _change(desk, caller, "ticket:complete", number, lambda t: t.complete(now), response)


@router.post("/tickets/{number}/reopening")
async def reopen_ticket(
    number: Id, body: Why, desk: Desk, caller: Annotated[Caller, may("ticket:reopen")], response: Response
) -> TicketView:
    now = desk.now()
    return await _change(desk, caller, "ticket:reopen", number, lambda t: t.reopen(body.reason, now), response)


@router.post("/tickets/{number}/links", status_code=201)
async def issue_link(number: Id, body: NewLink, desk: Desk, caller: Annotated[Caller, may("link:issue")]) -> LinkView:
    """A signed link by which the customer does one thing without signing in; it is valid for seven days."""
    ticket = await _mine(desk, caller, "link:issue", number)
    return LinkView(url=desk.link(ticket, body.action))


async def _mine(desk: Intake, caller: Caller, permission: str, number: str) -> Ticket:
    about_ticket(number)
    ticket = await desk.tickets.get(number)
    _allow(caller, permission, ticket)
    return ticket


def _allow(caller: Caller, permission: str, ticket: Ticket) -> None:
    """Raises Forbidden; to a customer somebody else's ticket looks like none at all."""
    try:
        caller.check(permission, ticket.contact.sub, ticket.company)
    except Forbidden as refusal:
        if caller.principal.is_staff:
            raise
        raise NotFound(f"Ticket {ticket.id} does not exist", f"{ticket.id} 不存在") from refusal


async def _change(
    desk: Intake,
    caller: Caller,
    permission: str,
    number: str,
    decide: Decide,
    response: Response,
    again: bool = False,
) -> TicketView:
    about_ticket(number)

    def allowed(ticket: Ticket) -> list[Event]:
        _allow(caller, permission, ticket)
        return decide(ticket)

    ticket = await desk.change(number, allowed, repeatable(caller.origin) if again else caller.origin)
    _allow(caller, permission, ticket)
    tagged(response, ticket)
    return TicketView.of(ticket, caller.principal.is_staff)


MOMENT = TypeAdapter(Moment)


def _place(after: str) -> tuple[datetime, str]:
    moment, _, number = after.partition("|")
    try:
        return MOMENT.validate_python(moment), number
    except ValidationError as error:
        raise no_such_page() from error

"""The conversation over HTTP: answers and messages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.intake.conversation import domain
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.conversation.views import Answers, NewMessage
from services.intake.tickets.access import (
    TicketsDep,
    TicketView,
    author,
    change,
    check_access,
    is_staff,
    read,
    shown,
)
from services.intake.tickets.closing import MovedOn
from services.intake.tickets.domain import Ticket
from services.intake.tickets.machines import author_of, is_machine, origin_of
from services.intake.tickets.values import Author
from shared.auth import Scope
from shared.domain import Invalid
from shared.events import Event
from shared.http import Caller, may, repeatable
from shared.telemetry import about_ticket
from shared.terms import Channel, Id

router = APIRouter(prefix="/v1/tickets", tags=["conversation"])


async def handlers(request: Request) -> ConversationHandlers:
    found: ConversationHandlers = request.app.state.service.conversation
    return found


Handlers = Annotated[ConversationHandlers, Depends(handlers)]


@router.post("/{ticket}/answers")
async def answer_questions(
    ticket: Id,
    body: Answers,
    tickets: TicketsDep,
    conversation: Handlers,
    caller: Annotated[Caller, may("ticket:answer")],
    response: Response,
) -> TicketView:
    """Answer guided questions; the answers complete the description of the problem. What staff record here is what the
    customer said: the conversation shows it as the customer's, with who recorded it."""
    now, forms = tickets.now(), await tickets.forms.known()

    def decide(ticket: Ticket) -> list[Event]:
        by_staff = is_staff(caller, "ticket:answer", ticket)
        who = Author.of(ticket.contact, recorded_by=caller.sub) if by_staff else author(caller, Scope.OWN)
        return domain.answer(ticket, body.answers, who, now, forms)

    try:
        return await change(tickets, caller, "ticket:answer", ticket, decide, response)
    except MovedOn:
        merged = await tickets.store.get(ticket)
    by_staff = is_staff(caller, "ticket:answer", merged)
    who = Author.of(merged.contact, recorded_by=caller.sub) if by_staff else author(caller, Scope.OWN)
    text, by = domain.as_text(merged, body.answers), repeatable(caller.origin)
    return await shown(tickets, caller, await conversation.forward(merged, text, who, by, Channel.ONLINE), response)


@router.post("/{ticket}/messages", status_code=201)
async def post_message(
    ticket: Id,
    body: NewMessage,
    conversation: Handlers,
    caller: Annotated[Caller, may("message:post")],
    response: Response,
) -> TicketView:
    """Post a message, or an internal note that only staff see. The first reply of staff stops the response clock.

    A customer's message on a completed ticket reopens it; if it can no longer be reopened, the message opens a new
    ticket that is linked to it. What a machine client (role `service`) posts are the customer's words. The response is
    the ticket that has the message now; `Location` is its address. What is written on a merged ticket goes to the one
    that it was merged into; the response is the merged one.
    """
    about_ticket(ticket)
    who = caller.principal

    def writer(ticket: Ticket) -> Author:
        by = check_access(caller, "message:post", ticket)
        if body.internal:
            by = caller.check("note:post", ticket.contact.sub, ticket.company)
        return author_of(who, ticket) if is_machine(who) else author(caller, by)

    origin, channel = origin_of(who, caller.origin, "message", body.external_id), Channel.ONLINE
    if is_machine(who):
        channel = body.channel or (await read(conversation.tickets, caller, "message:post", ticket)).channel
    elif body.channel:
        raise Invalid("Only machine clients name a channel", "只有系统对接账号可以指定渠道", "body.channel")
    found = await conversation.post(ticket, body.text, writer, body.internal, origin, writer, channel)
    response.headers["Location"] = f"/v1/tickets/{found.id}"
    return await shown(conversation.tickets, caller, found, response)

"""Tickets over HTTP: opening, reading and amending them."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from services.intake.forms.domain import MOST_FIELDS
from services.intake.forms.fields import PARAGRAPH
from services.intake.tickets import machines, urging
from services.intake.tickets.access import TicketsDep, TicketView, change, is_staff, read, shown
from services.intake.tickets.amending import amend
from services.intake.tickets.domain import Ticket
from services.intake.tickets.questions import checked
from shared.auth import Scope, scopes_of
from shared.domain import Forbidden, Invalid
from shared.events import Contact, Event, Problem
from shared.http import Body, Caller, example, may
from shared.telemetry import about_ticket
from shared.terms import (
    Channel,
    Id,
    Known,
    Line,
    OptionalEmailAddress,
    OptionalLine,
    OptionalParagraph,
    Paragraph,
    Subject,
    Whole,
    YesOrNo,
)
from shared.texts import off_loop

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])
CustomFields = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=PARAGRAPH)]],
    Field(max_length=MOST_FIELDS),
]
Users = Annotated[Whole | None, Field(ge=0, le=100_000_000)]


class OnBehalfOf(Body):
    """The customer for whom staff open a ticket."""

    name: Line
    """Who asks"""
    company: OptionalLine = ""
    """Their company"""
    sub: Subject | Literal[""] = ""
    """Who they are when they sign in; empty for a guest"""
    email: OptionalEmailAddress = ""
    """Where they are written to"""
    phone: OptionalLine = ""
    """Where they are called"""
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"
    """zh or en"""


class NewTicket(Body):
    """What is known about a problem (P1.2)."""

    model_config = example(
        title="V3.2 crashes on Win11 when exporting Excel",
        description="It closes without a word.",
        module="Reports",
        users_affected=12,
        business_blocked=False,
    )

    title: Line
    """What it is, in a line"""
    description: Paragraph
    """In the words of whoever reports it"""
    product: OptionalLine = ""
    """The product that it is about"""
    product_version: OptionalLine = ""
    """The version of the product"""
    module: OptionalLine = ""
    """The part of the product"""
    environment: OptionalLine = ""
    """Operating system, browser, database and whatever else it runs in"""
    steps: OptionalParagraph = ""
    """How to make it happen again"""
    error_text: OptionalParagraph = ""
    """Messages and stack traces"""
    users_affected: Users = None
    """How many people cannot work"""
    business_blocked: YesOrNo | None = None
    """Whether business stands still"""
    custom_fields: CustomFields = Field(default_factory=dict)
    """What the ticket form of the product asks for besides, by the key of the field; numbers and days as text"""
    channel: Known[Channel] = Channel.ONLINE
    """How the customer asked, where staff open it; else it is `online`"""
    customer: OnBehalfOf | None = None
    """For whom staff open it; null: for oneself"""
    external_id: Id | Literal[""] = ""
    """What the ticket is called in the system of a machine client, which has to name it"""

    def problem(self) -> Problem:
        return Problem(**self.model_dump(exclude={"channel", "customer", "external_id"}))


class Amendment(Body):
    """What is to be corrected or completed: a field that is not there stays as it is."""

    model_config = example(product_version="V3.2.1", environment="Windows 11")

    title: Line | None = None
    """What it is, in a line"""
    description: Paragraph | None = None
    """In the words of whoever reports it"""
    product: OptionalLine | None = None
    """The product that it is about"""
    product_version: OptionalLine | None = None
    """The version of the product"""
    module: OptionalLine | None = None
    """The part of the product"""
    environment: OptionalLine | None = None
    """Operating system, browser, database and whatever else it runs in"""
    steps: OptionalParagraph | None = None
    """How to make it happen again"""
    error_text: OptionalParagraph | None = None
    """Messages and stack traces"""
    users_affected: Users = None
    """How many people cannot work"""
    business_blocked: YesOrNo | None = None
    """Whether business stands still"""
    custom_fields: CustomFields | None = None
    """Custom fields that change, by their keys; an empty one is taken away"""


class Urge(Body):
    model_config = example(comment="The month-end report is due tonight")

    comment: OptionalLine = ""
    """Why it is pressing"""


@router.post(
    "",
    status_code=201,
    responses={200: {"model": TicketView, "description": "The request is repeated"}},
)
async def open_ticket(
    body: NewTicket, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:open")], response: Response
) -> TicketView:
    """Open a ticket. What is missing in the description is asked for in guided questions.

    A repeated request is answered with 200 and the existing ticket: the same `Idempotency-Key` or, without one, the
    same content from the same person within a minute; of a machine client (role `service`), the same `external_id`.
    """
    contact, company, channel, taken_by = _customer(body, caller)
    origin = machines.origin_of(caller.principal, caller.origin, "ticket", body.external_id)
    forms = await tickets.forms.known()
    problem = await off_loop(len(body.description), checked, body.problem(), forms, "body.")
    ticket, is_new = await tickets.open(problem, company, contact, channel, taken_by, origin)
    about_ticket(ticket.id)
    if not is_new:
        response.status_code = 200
    response.headers["Location"] = f"/v1/tickets/{ticket.id}"
    return await shown(tickets, caller, ticket, response)


@router.get("/{ticket}")
async def read_ticket(
    ticket: Id, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:read")], response: Response
) -> TicketView:
    """A ticket; customers see it without internal notes."""
    return await shown(tickets, caller, await read(tickets, caller, "ticket:read", ticket), response)


@router.patch("/{ticket}")
async def amend_ticket(
    ticket: Id, body: Amendment, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:amend")], response: Response
) -> TicketView:
    """Correct or complete the description of the problem."""
    facts = body.model_dump(exclude_none=True)
    if not facts:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    now, forms = tickets.now(), await tickets.forms.known()

    def decide(ticket: Ticket) -> list[Event]:
        return amend(ticket, facts, is_staff(caller, "ticket:amend", ticket), now, forms)

    return await change(tickets, caller, "ticket:amend", ticket, decide, response)


@router.post("/{ticket}/urges")
async def urge_ticket(
    ticket: Id, body: Urge, tickets: TicketsDep, caller: Annotated[Caller, may("ticket:urge")], response: Response
) -> TicketView:
    """Ask the desk to hurry, at most once an hour: the engineer is told, from the third time on the leads as well.
    Staff do so for a customer who calls."""
    decide = partial(urging.urge, comment=body.comment, now=tickets.now())
    return await change(tickets, caller, "ticket:urge", ticket, decide, response)


def _customer(body: NewTicket, caller: Caller) -> tuple[Contact, str, Channel, str]:
    """Whose ticket it is, their company, the channel it came through, and who took it. Raises Forbidden, Invalid."""
    who = caller.principal
    if body.customer:
        if not caller.sees_all("ticket:open"):
            raise Forbidden("Only staff can open tickets for others", "只有工作人员可以代他人提交工单")
        if who.sub == body.customer.sub or (who.email and who.email.lower() == body.customer.email.lower()):
            raise Forbidden(
                "You cannot be the customer of a ticket that you open for others", "代他人提交工单时，客户不能是您本人"
            )
        contact = Contact(**body.customer.model_dump(exclude={"company"}))
        return contact, body.customer.company, body.channel, who.sub
    if scopes_of(who, caller.permissions["ticket:open"]) == {Scope.ALL}:
        raise Invalid("`customer` is required", "`customer` 为必填项", "body.customer")
    language = who.language[:2] if who.language[:2] in ("zh", "en") else caller.language
    contact = Contact(name=who.name or who.sub, sub=who.sub, email=who.email, language=language)
    return contact, who.company, Channel.ONLINE, f"channel:{Channel.ONLINE}"

"""What people send to intake and see of it. A requester never sees internal notes."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from services.intake.customers.domain import PEOPLE, Customer, Person, newest_of
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Attachment, CallBack, Closing, Consent, Message, PhoneVerification
from shared.events import Contact, Problem, Question, SolutionRound
from shared.http import Body
from shared.terms import (
    Category,
    Channel,
    Id,
    Known,
    Line,
    Moment,
    OptionalEmailAddress,
    OptionalLine,
    OptionalParagraph,
    Paragraph,
    Priority,
    Satisfaction,
    Stage,
    Status,
    Subject,
    WaitingFor,
    Whole,
    YesOrNo,
)

Users = Annotated[Whole | None, Field(ge=0, le=100_000_000)]


class Facts(Body):
    """What is known of a problem (P1.2)."""

    product: OptionalLine = ""
    product_version: OptionalLine = ""
    module: OptionalLine = ""
    environment: OptionalLine = ""
    steps: OptionalParagraph = ""
    error_text: OptionalParagraph = ""
    users_affected: Users = None
    business_blocked: YesOrNo | None = None


class OnBehalfOf(Body):
    """The customer that a member of staff opens a ticket for."""

    name: Line
    company: OptionalLine = ""
    sub: Subject | Literal[""] = ""
    email: OptionalEmailAddress = ""
    phone: OptionalLine = ""
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"


class NewTicket(Facts):
    title: Line
    description: Paragraph
    channel: Known[Channel] = Channel.ONLINE
    customer: OnBehalfOf | None = None

    def problem(self) -> Problem:
        return Problem(**self.model_dump(exclude={"channel", "customer"}))


class Amendment(Body):
    title: Line | None = None
    description: Paragraph | None = None
    product: OptionalLine | None = None
    product_version: OptionalLine | None = None
    module: OptionalLine | None = None
    environment: OptionalLine | None = None
    steps: OptionalParagraph | None = None
    error_text: OptionalParagraph | None = None
    users_affected: Users = None
    business_blocked: YesOrNo | None = None


class Answers(Body):
    answers: Annotated[dict[Annotated[str, Field(max_length=40)], Paragraph], Field(min_length=1, max_length=10)]


class NewMessage(Body):
    text: Paragraph
    internal: YesOrNo = False


class NewConsent(Body):
    scope: Line
    words: Paragraph
    given_by: OptionalLine = ""
    expires_at: Moment | None = None


class Judgement(Body):
    accepted: YesOrNo
    comment: OptionalParagraph = ""


class Feedback(Body):
    satisfaction: Known[Satisfaction]
    comment: OptionalParagraph = ""


class NewCallBack(Body):
    cause: Line
    notes: OptionalParagraph = ""


class Plan(Body):
    plan: Paragraph


class PlanResult(Body):
    result: Paragraph


class Why(Body):
    reason: Paragraph


class NewLink(Body):
    action: Literal["accept_solution", "reject_solution", "give_feedback", "give_consent"]


class LinkSent(Body):
    """`sent_to` is the contact's own address, most of it hidden."""

    action: str
    round: int
    sent_to: str


class NewPhoneVerification(Body):
    """What the customer said on the telephone: `given_by` is who it was, `number` the one they were called at or called
    from, `words` what they said."""

    accepted: YesOrNo
    given_by: Line
    number: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()./-]{2,40}$")]
    words: Paragraph
    called_at: Moment | None = None


class TicketView(Body):
    """A ticket as its reader may see it: customers see neither internal notes nor what the desk verified for itself.
    `earlier` is how it was closed before it was reopened, `followed_by` the ticket on which it goes on."""

    number: str
    version: int
    status: Status
    stage: Stage
    waiting_for: WaitingFor
    problem: Problem
    customer: str
    customer_name: str
    company: str
    contact: Contact
    channel: Channel
    taken_by: str
    opened_at: datetime
    category: Category | None
    priority: Priority | None
    assignee: str
    assignee_name: str
    questions: list[Question]
    messages: list[Message]
    attachments: list[Attachment]
    consents: list[Consent]
    round: int
    rounds: list[SolutionRound]
    phone_verifications: list[PhoneVerification]
    linked: list[str]
    followed_by: str
    earlier: list[Closing]
    satisfaction: Satisfaction | None
    feedback_comment: str
    call_back: CallBack | None
    second_plan: str
    second_plan_result: str
    resolved_at: datetime | None
    completed_at: datetime | None

    @classmethod
    def for_staff(cls, ticket: Ticket) -> "TicketView":
        shown = {name: getattr(ticket, name) for name in cls.model_fields if name != "number"}
        return cls.model_construct(number=ticket.id, **{**shown, "customer_name": name_of(ticket)})

    @classmethod
    def for_customer(cls, ticket: Ticket, seen: Collection[str]) -> "TicketView":
        """`seen` are those of the linked tickets that they may read."""
        return cls.for_staff(ticket).model_copy(
            update={
                "messages": [message for message in ticket.messages if not message.internal],
                "rounds": [_for_customers(one) for one in ticket.rounds],
                "linked": [number for number in ticket.linked if number in seen],
                "followed_by": ticket.followed_by if ticket.followed_by in seen else "",
                "call_back": None,
                "earlier": [one.model_copy(update={"call_back": None}) for one in ticket.earlier],
            }
        )


def name_of(ticket: Ticket) -> str:
    """What people read for the customer; an older release wrote that where the id is now."""
    return ticket.customer_name or ticket.customer


def _for_customers(one: SolutionRound) -> SolutionRound:
    return SolutionRound(
        round=one.round,
        solution=one.solution,
        accepted=one.accepted,
        comment=one.comment,
        answered_at=one.answered_at,
        recorded_by=one.recorded_by,
        confirmed_by=one.confirmed_by,
    )


class Alias(Body):
    """`customer` is the id of the one who is found to be the same."""

    customer: Id
    reason: Line


class CustomerView(Body):
    """A customer with all who were found to be them: the newest of their tickets and the people who opened them."""

    id: str
    name: str
    company: str
    aliases: list[str]
    tickets: list[str]
    people: list[Person]

    @classmethod
    def of(cls, one: Customer, whole: list[Customer]) -> Self:
        people = sorted((person for there in whole for person in there.people), key=lambda p: p.at, reverse=True)
        return cls(
            id=one.id,
            name=one.name,
            company=one.company,
            aliases=[there.id for there in whole if there.id != one.id],
            tickets=[there.number for there in newest_of(whole)],
            people=people[:PEOPLE],
        )


class TicketRow(Body):
    """A ticket in a list."""

    number: str
    title: str
    status: Status
    stage: Stage
    waiting_for: WaitingFor
    category: Category | None
    priority: Priority | None
    customer: str
    customer_name: str
    assignee_name: str
    opened_at: datetime

    @classmethod
    def of(cls, row: dict[str, Any]) -> "TicketRow":
        shown = {"customer_name": row["customer"]} | {name: row[name] for name in cls.model_fields if name in row}
        stage = Stage.of(row["stage"])
        return cls.model_validate(
            {**shown, "number": row["id"], "title": row["problem"]["title"], "status": stage.status}
        )

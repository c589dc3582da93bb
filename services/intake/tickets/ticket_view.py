"""The answer of every route on a ticket. Customers never see internal notes."""

from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel

from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Attachment, CallBack, Closing, Consent, Message, PhoneVerification
from shared.events import Contact, Problem, Question, SolutionRound
from shared.terms import Category, Channel, Priority, Satisfaction, Stage, Status, WaitingFor


class TicketView(BaseModel):
    """A ticket as its reader may see it: customers see neither internal notes nor internal verification.
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
    def for_customer(cls, ticket: Ticket, readable: Collection[str]) -> "TicketView":
        """`readable` are those of the linked tickets that they may read."""
        return cls.for_staff(ticket).model_copy(
            update={
                "messages": [message for message in ticket.messages if not message.internal],
                "rounds": [_for_customers(one) for one in ticket.rounds],
                "linked": [number for number in ticket.linked if number in readable],
                "followed_by": ticket.followed_by if ticket.followed_by in readable else "",
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

"""A ticket as people see it. Customers never see internal notes."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from pydantic import AliasChoices, Field

from services.intake.tickets.domain import Ticket
from shared.events import SolutionRound
from shared.http import View
from shared.terms import Category, Channel, Outcome, Priority, Satisfaction, Stage, Status, WaitingFor
from shared.views import ProblemView, SolutionRoundView


class ContactView(View):
    name: str
    """Their name"""
    sub: str
    """Who they are when they sign in; empty for a guest"""
    email: str
    """Where they are written to; empty if nobody said"""
    phone: str
    """Where they are called; empty if nobody said"""
    address: str
    """Where they write from in a messenger, with channel and account; empty if they do not"""
    language: str
    """zh or en"""


class QuestionView(View):
    field: str
    """The field of the problem that is missing: the answer's name"""
    en: str
    """In English"""
    zh: str
    """In Chinese"""


class MessageView(View):
    id: str
    """The same each time"""
    author: str
    """Whose words they are: a subject, or `mailto:` or `channel:` and a guest's address"""
    name: str
    """Their name"""
    by_staff: bool
    """Whether the desk says it"""
    internal: bool
    """Whether only staff see it"""
    channel: Channel
    """How it came"""
    posted_at: datetime = Field(validation_alias="at")
    """When"""
    text: str
    """What was said"""
    recorded_by: str
    """Who wrote it down for the customer, as a subject; empty if they did so themselves"""


class AttachmentView(View):
    id: str
    """By which it is downloaded"""
    name: str
    """The file's name"""
    size: int
    """In bytes"""
    media_type: str
    """As it was uploaded; downloads are always `application/octet-stream`"""
    sha256: str
    """Of its content, in hexadecimal"""
    added_by: str
    """Who uploaded it, as a subject"""
    added_at: datetime = Field(validation_alias="at")
    """When"""


class TicketConsentView(View):
    id: str
    """By which it is revoked"""
    scope: str
    """What the customer allows"""
    tool: str
    """The only tool that may be used; empty: any approved one"""
    purpose: str
    """What it is for; empty if nobody said"""
    message: str
    """The message in which it was given; empty if it was given in another way"""
    sha256: str
    """Of the words, in hexadecimal; empty in what an older release kept"""
    given_by: str
    """Who allowed it"""
    recorded_by: str
    """Who wrote it down, as a subject: the customer, or staff"""
    words: str
    """In their own words"""
    given_at: datetime = Field(validation_alias="at")
    """When"""
    expires_at: datetime | None
    """From when on it no longer holds; null: until it is revoked"""
    revoked_at: datetime | None
    """When it was revoked; null while it was not"""


class PhoneVerificationView(View):
    """What the customer said about a solution on the phone; it counts once someone else has confirmed it."""

    id: str
    """By which it is confirmed"""
    round: int
    """The round whose solution it is about"""
    accepted: bool
    """Whether the solution works"""
    given_by: str
    """Who said so"""
    phone: str = Field(validation_alias="number")
    """The telephone number of the call"""
    words: str
    """What they said"""
    called_at: datetime
    """When the call was"""
    recorded_by: str
    """Who wrote it down, as a subject"""
    recorded_at: datetime
    """When"""
    confirmed_by: str
    """Who confirmed it, as a subject; empty until then"""
    confirmed_at: datetime | None
    """When; null until then"""


class CallBackView(View):
    cause: str
    """Why the customer was dissatisfied"""
    notes: str
    """What else was said"""
    by: str
    """Who called, as a subject"""
    called_at: datetime = Field(validation_alias="at")
    """When it was recorded"""


class ClosingView(View):
    """How a ticket was closed before it was reopened."""

    round: int
    """The round that ended so"""
    resolved_at: datetime | None
    """When the customer accepted the solution"""
    completed_at: datetime | None
    """When the ticket was completed"""
    satisfaction: Satisfaction | None
    """The customer's rating; null if there was none"""
    feedback_comment: str
    """What they added"""
    call_back: CallBackView | None
    """The call-back to a dissatisfied customer; customers do not see it"""
    second_plan: str
    """What was agreed with them"""
    second_plan_result: str
    """What came of that"""
    outcome: Outcome | None
    """How it ended; null in what an older release kept"""
    outcome_reason: str
    """Why it was closed without a solution; empty if it was not"""


class TicketView(View):
    """A ticket as its reader may see it: customers see neither internal notes nor internal verification."""

    ticket: str = Field(validation_alias=AliasChoices("ticket", "id"))
    """Its number"""
    version: int
    """Counts its changes; the ETag names it"""
    status: Status
    """Follows from the stage"""
    stage: Stage
    """Where it is in the process"""
    waiting_for: WaitingFor
    """Whom it waits for"""
    incomplete: bool
    """Whether nobody answered what was asked, and it goes on without"""
    problem: ProblemView
    """What the customer reported"""
    customer: str
    """The customer's id"""
    customer_name: str
    """Their name: the company's, or the person's"""
    company: str
    """Their company; empty if there is none"""
    contact: ContactView
    """Who on their side is asked and told"""
    channel: Channel
    """How it was opened"""
    taken_by: str
    """Who entered it: a subject, or `channel:` and the channel"""
    opened_at: datetime
    """When"""
    category: Category | None
    """What kind of problem it is; null until it is diagnosed"""
    priority: Priority | None
    """How urgent it is; null until it is diagnosed"""
    assignee: str
    """The engineer, as a subject; empty if nobody has it"""
    assignee_name: str
    """Their name"""
    questions: list[QuestionView]
    """Guided questions that are not answered"""
    messages: list[MessageView]
    """The conversation, in order"""
    attachments: list[AttachmentView]
    """Files, in order"""
    consents: list[TicketConsentView]
    """Consents to remote assistance, in order"""
    round: int
    """Rounds of solving so far, from 1"""
    rounds: list[SolutionRoundView]
    """Those in which a solution was verified, in order"""
    phone_verifications: list[PhoneVerificationView]
    """What the customer said about solutions on the phone, in order"""
    linked: list[str]
    """The numbers of earlier tickets of the same customer"""
    followed_by: str
    """The number of the ticket on which it goes on; empty if there is none"""
    urges: int
    """How often the customer asked the desk to hurry"""
    urged_at: datetime | None
    """When they last did; null if they never did"""
    earlier: list[ClosingView]
    """How it was closed before it was reopened, in order"""
    satisfaction: Satisfaction | None
    """The customer's rating; null until they gave one"""
    feedback_comment: str
    """What they added"""
    call_back: CallBackView | None
    """The call-back to a dissatisfied customer; customers do not see it"""
    second_plan: str
    """The second service plan that was agreed with them"""
    second_plan_result: str
    """What came of it"""
    resolved_at: datetime | None
    """When the customer accepted the solution; null until then"""
    completed_at: datetime | None
    """When it was completed; null until then"""
    outcome: Outcome | None
    """How it ended; null until then"""
    outcome_reason: str
    """Why it was closed without a solution; empty if it was not"""
    duplicate_of: str
    """The number of the ticket that it is a duplicate of; empty if it is none"""

    @classmethod
    def for_staff(cls, ticket: Ticket) -> Self:
        return cls.model_validate(ticket.model_copy(update={"customer_name": name_of(ticket)}))

    @classmethod
    def for_customer(cls, ticket: Ticket, readable: Collection[str]) -> Self:
        """`readable` are those of the linked tickets that they may read."""
        seen = {
            "messages": [message for message in ticket.messages if not message.internal],
            "rounds": [_for_customers(one) for one in ticket.rounds],
            "duplicate_of": ticket.duplicate_of if ticket.duplicate_of in readable else "",
            "linked": [number for number in ticket.linked if number in readable],
            "followed_by": ticket.followed_by if ticket.followed_by in readable else "",
            "call_back": None,
            "earlier": [one.model_copy(update={"call_back": None}) for one in ticket.earlier],
        }
        return cls.for_staff(ticket.model_copy(update=seen))


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

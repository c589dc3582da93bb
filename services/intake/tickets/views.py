"""A ticket as people see it. Customers never see internal notes."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from pydantic import AliasChoices, Field

from services.intake.tickets.domain import Ticket
from services.intake.tickets.linking import all_links
from services.intake.tickets.part_views import (
    AttachmentView,
    CallBackView,
    ClosingView,
    ContactView,
    ExternalView,
    MergeView,
    MessageView,
    PhoneVerificationView,
    QuestionView,
    TicketConsentView,
    TicketFormView,
    TicketLinkView,
)
from services.intake.tickets.values import Closing, Message
from shared.events import SolutionRound
from shared.http import View
from shared.terms import Category, Channel, Outcome, Priority, Satisfaction, Stage, Status, WaitingFor
from shared.views import ProblemView, SolutionRoundView


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
    found: list[str]
    """The fields of it that were not given but found in the title, the description or a log"""
    customer: str
    """The customer's id"""
    customer_name: str
    """Their name: the company's, or the person's"""
    company: str
    """Their company; empty if there is none"""
    contact: ContactView
    """Who on their side is asked and told"""
    contact_id: str
    """The desk's record of that person; empty if there is none; customers do not see it"""
    company_id: str
    """The desk's record of the company; empty if there is none; customers do not see it"""
    channel: Channel
    """How it was opened"""
    taken_by: str
    """Who entered it: a subject, or `channel:` and the channel"""
    external: ExternalView | None
    """Where it was before it was taken over; null if it was always here"""
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
    form: TicketFormView | None
    """The ticket form by which it is asked; null where none was declared"""
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
    links: list[TicketLinkView]
    """The same, each with the reasons why it is linked, as far as they are known"""
    followed_by: str
    """The number of the ticket on which it goes on; empty if there is none"""
    merged_into: str
    """The number of the ticket that it was merged into: what is written on this one goes there; empty if it was not"""
    split_from: str
    """The number of the ticket that it was split off from; empty if it was not"""
    merged: list[str]
    """The numbers of tickets that were merged into it"""
    merges: list[MergeView]
    """When it was merged into another, in order; customers do not see it"""
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
    second_plan_owner: str
    """Who sees to it, as a subject"""
    second_plan_due_at: datetime | None
    """Until when"""
    second_plan_result: str
    """What came of it"""
    rates_again: bool
    """Whether the customer is asked to rate once more, after the second plan"""
    resolved_at: datetime | None
    """When the customer accepted the solution; null until then"""
    completed_at: datetime | None
    """When it was completed; null until then"""
    outcome: Outcome | None
    """How it ended; null until then"""
    outcome_reason: str
    """Why it was closed without a solution; empty if it was not, and to customers where it was a duplicate"""
    duplicate_of: str
    """The number of the ticket that it is a duplicate of; empty if it is none"""

    @classmethod
    def for_staff(cls, ticket: Ticket) -> Self:
        shown = {"customer_name": name_of(ticket), "links": all_links(ticket)}
        return cls.model_validate(ticket.model_copy(update=shown))

    @classmethod
    def for_customer(cls, ticket: Ticket, readable: Collection[str]) -> Self:
        """`readable` are those of the linked tickets that they may read."""
        seen = {
            "messages": [_readable(one, readable) for one in ticket.messages if not one.internal],
            "attachments": [one for one in ticket.attachments if not one.internal],
            "merged_into": ticket.merged_into if ticket.merged_into in readable else "",
            "split_from": ticket.split_from if ticket.split_from in readable else "",
            "merged": [number for number in ticket.merged if number in readable],
            "merges": [],
            "rounds": [_for_customers(one) for one in ticket.rounds],
            "duplicate_of": ticket.duplicate_of if ticket.duplicate_of in readable else "",
            "linked": [number for number in ticket.linked if number in readable],
            "contact_id": "",
            "company_id": "",
            "followed_by": ticket.followed_by if ticket.followed_by in readable else "",
            "call_back": None,
            "outcome_reason": _readable_reason(ticket),
            "earlier": [
                one.model_copy(update={"call_back": None, "outcome_reason": _readable_reason(one)})
                for one in ticket.earlier
            ],
        }
        return cls.for_staff(ticket.model_copy(update=seen))


def name_of(ticket: Ticket) -> str:
    """What people read for the customer; an older release wrote that where the id is now."""
    return ticket.customer_name or ticket.customer


def _readable_reason(of: Ticket | Closing) -> str:
    """Why two tickets are one is the desk's: it may name somebody else's."""
    return "" if of.outcome is Outcome.DUPLICATE else of.outcome_reason


def _readable(message: Message, readable: Collection[str]) -> Message:
    others = (message.via, message.split_to)
    if not any(others):
        return message
    via, split_to = (number if number in readable else "" for number in others)
    return message.model_copy(update={"via": via, "split_to": split_to})


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

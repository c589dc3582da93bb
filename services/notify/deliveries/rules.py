"""Who is told of what: the one table."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.events import (
    Event,
    KbArticleDrafted,
    SlaBreached,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaWarned,
    TicketCompleted,
    TicketLinkRequested,
    TicketMessagePosted,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketQuestionsAsked,
    TicketReopened,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TriageAssigned,
    TriageSolutionVerified,
)


class Who(StrEnum):
    CUSTOMER = "customer"
    ASSIGNEE = "assignee"
    LEADS = "role:lead"  # the inbox of a role: domain.ROLES_WITH_INBOX
    EDITORS = "role:kb_editor"


@dataclass(frozen=True)
class Rule:
    """`to_doer`: also when they did it themselves, because it answers them or tells them what to do next."""

    to: Who
    template: str
    to_doer: bool = False
    when: Callable[[Any], bool] = lambda _: True


def _by_staff(message: TicketMessagePosted) -> bool:
    return message.by_staff and not message.internal


def _by_customer(message: TicketMessagePosted) -> bool:
    return not message.by_staff and not message.internal


def _later(asked: TicketQuestionsAsked) -> bool:
    """What is asked at the opening stands in its acknowledgement: nobody wants two mails at once."""
    return not asked.at_opening


# An event that another one led to carries the actor of that one: an assignment right after the opening names the
# customer. So the doer is left out only where the event is truly a person's own deed.
RULES: dict[type[Event], tuple[Rule, ...]] = {
    TicketOpened: (Rule(Who.CUSTOMER, "opened", to_doer=True),),
    TicketQuestionsAsked: (Rule(Who.CUSTOMER, "questions_asked", to_doer=True, when=_later),),
    TicketQuestionsAnswered: (Rule(Who.ASSIGNEE, "questions_answered"),),
    TicketMessagePosted: (
        Rule(Who.CUSTOMER, "reply", when=_by_staff),
        Rule(Who.ASSIGNEE, "customer_wrote", when=_by_customer),
    ),
    TicketLinkRequested: (Rule(Who.CUSTOMER, "link", to_doer=True),),
    TriageAssigned: (Rule(Who.CUSTOMER, "assigned", to_doer=True), Rule(Who.ASSIGNEE, "work_assigned")),
    TriageSolutionVerified: (Rule(Who.CUSTOMER, "please_verify", to_doer=True),),
    TicketSolutionRejected: (Rule(Who.ASSIGNEE, "solution_rejected"),),
    TicketSolutionAccepted: (Rule(Who.CUSTOMER, "please_rate", to_doer=True),),
    TicketCompleted: (Rule(Who.CUSTOMER, "completed", to_doer=True),),
    TicketReopened: (Rule(Who.ASSIGNEE, "reopened"),),
    SlaWarned: (
        Rule(Who.ASSIGNEE, "clock_warned", to_doer=True),
        Rule(Who.LEADS, "clock_warned", to_doer=True),
    ),
    SlaBreached: (
        Rule(Who.ASSIGNEE, "clock_breached", to_doer=True),
        Rule(Who.LEADS, "clock_breached", to_doer=True),
    ),
    SlaCallBackDue: (
        Rule(Who.ASSIGNEE, "call_back_due", to_doer=True),
        Rule(Who.LEADS, "call_back_due", to_doer=True),
    ),
    SlaConsultationDue: (Rule(Who.LEADS, "consultation_due", to_doer=True),),
    KbArticleDrafted: (Rule(Who.EDITORS, "article_drafted", to_doer=True),),
}


def doers(event: Event) -> set[str]:
    """The people whose deed it is."""
    return {event.actor, getattr(event, "author", ""), getattr(event, "by", "")} - {""}

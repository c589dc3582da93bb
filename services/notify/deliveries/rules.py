"""Who is notified of which event, with which template: the one table."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.events import (
    Event,
    IncidentOpened,
    IncidentProposed,
    KbArticleDrafted,
    KbFollowUpDue,
    KbReleasePackReady,
    KbReviewDue,
    KbTrainingPlanned,
    NotifyContactTaskDone,
    NotifyContactTaskOpened,
    NotifyUnacknowledged,
    NotifyWebhookDisabled,
    SlaBreached,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaWarned,
    SlaYearMissing,
    TicketCompleted,
    TicketConsentRevoked,
    TicketLinkRequested,
    TicketMessagePosted,
    TicketOpened,
    TicketPlanCarriedOut,
    TicketPlanOverdue,
    TicketQuestionsAsked,
    TicketReopened,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketUrged,
    TriageActionDue,
    TriageAlarmRaised,
    TriageAssigned,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageEscalated,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
    TriageThirdPartyOverdue,
)
from shared.events.sla_reviews import SlaImprovementDue, SlaImprovementRaised, SlaReviewMade
from shared.terms import Outcome

WHOLE = 100  # per cent of a target: it is missed
URGED_OFTEN = 3  # times, from which on leads are told too


class Recipient(StrEnum):
    CUSTOMER = "customer"
    ASSIGNEE = "assignee"
    PLAN_OWNER = "plan_owner"
    WATCHERS = "watchers"
    STAFF_WATCHERS = "watchers:staff"
    THIRD_PARTY = "third_party"  # whom the event names
    INVITEES = "invitees"
    UNINVITED = "uninvited"
    OWNERS = "owners"  # of action items
    LEADS = "role:lead"  # the inbox of a role, see domain.ROLES_WITH_INBOX
    EDITORS = "role:kb_editor"
    ADMINS = "role:admin"
    ON_CALL = "on call"
    OWNER = "owner"  # of an improvement, who has an inbox of their own


NAMED = (Recipient.THIRD_PARTY, Recipient.INVITEES, Recipient.UNINVITED, Recipient.OWNERS)  # by the event itself
ROLES = (Recipient.LEADS, Recipient.EDITORS, Recipient.ADMINS, Recipient.OWNER)  # found online, in an inbox


@dataclass(frozen=True)
class Rule:
    """`include_actor`: also when they did it themselves, because it answers them or says what to do next. `at_once`: it
    waits for no digest, and comes in quiet hours and by any channel too. `acknowledged`: while it is not read, others
    are told."""

    to: Recipient
    template: str
    include_actor: bool = False
    at_once: bool = False
    acknowledged: bool = False
    when: Callable[[Any], bool] = lambda _: True


def _by_staff(message: TicketMessagePosted) -> bool:
    return message.by_staff and not message.internal


def _by_customer(message: TicketMessagePosted) -> bool:
    return not message.by_staff and not message.internal


def _is_public(message: TicketMessagePosted) -> bool:
    return not message.internal


def _is_internal(message: TicketMessagePosted) -> bool:
    return message.internal


def _after_opening(asked: TicketQuestionsAsked) -> bool:
    """What is asked at the opening stands in the acknowledgement: nobody wants two mails at once."""
    return not asked.at_opening


def _is_no_spam(completed: TicketCompleted) -> bool:
    return completed.outcome != Outcome.SPAM


def _has_address(asked: TriageThirdPartyEngaged | TriageThirdPartyOverdue) -> bool:
    return bool(asked.email)


def _was_called(opened: TriageConsultationOpened) -> bool:
    """Nobody has invited anybody yet."""
    return not opened.invited


def _needs_a_lead(urged: TicketUrged) -> bool:
    """Nobody has it, or it did not help."""
    return not urged.assignee or urged.times >= URGED_OFTEN


def _for_its_owner(overdue: TicketPlanOverdue) -> bool:
    return overdue.reminder == 1


def _for_a_lead(overdue: TicketPlanOverdue) -> bool:
    return overdue.reminder > 1


def _always(_: Event) -> bool:
    return True


def _ahead(warned: SlaWarned) -> bool:
    return warned.percent < WHOLE


def _behind(warned: SlaWarned) -> bool:
    return warned.percent >= WHOLE


def _again(unacknowledged: NotifyUnacknowledged) -> bool:
    return unacknowledged.times > 1


def _not_reached(done: NotifyContactTaskDone) -> bool:
    return not done.reached


def _ladder(template: str, when: Callable[[Any], bool] = _always) -> tuple[Rule, ...]:
    """The rung of the ladder says who is told."""
    people = {"assignee": Recipient.ASSIGNEE, "lead": Recipient.LEADS, "manager": Recipient.ADMINS}

    def rule(whom: str, to: Recipient) -> Rule:
        return Rule(to, template, include_actor=True, when=lambda event: whom in event.to and when(event))

    return tuple(rule(whom, to) for whom, to in people.items())


# An event that another one led to carries the actor of that one: an assignment right after the opening names the
# customer. So the actor is left out only where the event is truly a person's own action.
RULES: dict[type[Event], tuple[Rule, ...]] = {
    TicketOpened: (Rule(Recipient.CUSTOMER, "opened", include_actor=True),),
    TicketQuestionsAsked: (Rule(Recipient.CUSTOMER, "questions_asked", include_actor=True, when=_after_opening),),
    TicketMessagePosted: (
        Rule(Recipient.CUSTOMER, "reply", when=_by_staff),
        Rule(Recipient.ASSIGNEE, "customer_wrote", when=_by_customer),
        Rule(Recipient.WATCHERS, "watched_message", when=_is_public),
        Rule(Recipient.STAFF_WATCHERS, "watched_note", when=_is_internal),
    ),
    TicketConsentRevoked: (Rule(Recipient.ASSIGNEE, "consent_revoked", at_once=True, acknowledged=True),),
    TicketLinkRequested: (Rule(Recipient.CUSTOMER, "link", include_actor=True, at_once=True),),
    TriageAssigned: (
        Rule(Recipient.CUSTOMER, "assigned", include_actor=True),
        Rule(Recipient.ASSIGNEE, "work_assigned"),
    ),
    TriageSolutionVerified: (Rule(Recipient.CUSTOMER, "please_verify", include_actor=True),),
    TicketSolutionRejected: (Rule(Recipient.ASSIGNEE, "solution_rejected"),),
    TicketSolutionAccepted: (Rule(Recipient.CUSTOMER, "please_rate", include_actor=True),),
    TicketPlanCarriedOut: (Rule(Recipient.CUSTOMER, "please_rate_again", include_actor=True),),
    TicketPlanOverdue: (
        Rule(Recipient.PLAN_OWNER, "plan_overdue", include_actor=True, when=_for_its_owner),
        Rule(Recipient.LEADS, "plan_overdue", include_actor=True, when=_for_a_lead),
    ),
    TicketCompleted: (
        Rule(Recipient.CUSTOMER, "completed", include_actor=True, when=_is_no_spam),
        Rule(Recipient.WATCHERS, "watched_completed", when=_is_no_spam),
    ),
    TicketReopened: (
        Rule(Recipient.ASSIGNEE, "reopened"),
        Rule(Recipient.WATCHERS, "watched_reopened"),
    ),
    TicketUrged: (
        Rule(Recipient.ASSIGNEE, "urged"),
        Rule(Recipient.LEADS, "urged", when=_needs_a_lead),
    ),
    TriageAlarmRaised: (
        Rule(Recipient.LEADS, "alarm", include_actor=True),
        Rule(Recipient.ASSIGNEE, "alarm", include_actor=True, at_once=True, acknowledged=True),
    ),
    TriageEscalated: (Rule(Recipient.LEADS, "escalated"),),
    TriageThirdPartyEngaged: (Rule(Recipient.THIRD_PARTY, "third_party_asked", include_actor=True, when=_has_address),),
    TriageThirdPartyOverdue: (
        Rule(Recipient.THIRD_PARTY, "third_party_overdue", include_actor=True, when=_has_address),
        Rule(Recipient.ASSIGNEE, "third_party_late", include_actor=True),
    ),
    TriageThirdPartyAnswered: (Rule(Recipient.ASSIGNEE, "third_party_answered"),),
    TriageConsultationOpened: (
        Rule(Recipient.INVITEES, "consultation_invited", include_actor=True),
        Rule(Recipient.LEADS, "consultation_called", include_actor=True, when=_was_called),
    ),
    TriageConsultationChanged: (
        Rule(Recipient.INVITEES, "consultation_invited", include_actor=True),
        Rule(Recipient.UNINVITED, "consultation_cancelled", include_actor=True),
    ),
    TriageConsultationCancelled: (Rule(Recipient.INVITEES, "consultation_cancelled", include_actor=True),),
    TriageConsultationConcluded: (Rule(Recipient.OWNERS, "action_given", include_actor=True),),
    TriageActionDue: (
        Rule(Recipient.OWNERS, "action_late", include_actor=True),
        Rule(Recipient.LEADS, "action_late", include_actor=True),
    ),
    SlaWarned: (*_ladder("clock_warned", _ahead), *_ladder("clock_overdue", _behind)),
    SlaBreached: _ladder("clock_breached"),
    SlaYearMissing: (
        Rule(Recipient.LEADS, "year_missing", include_actor=True),
        Rule(Recipient.ADMINS, "year_missing", include_actor=True),
    ),
    SlaCallBackDue: (
        Rule(Recipient.ASSIGNEE, "call_back_due", include_actor=True),
        Rule(Recipient.LEADS, "call_back_due", include_actor=True),
    ),
    SlaConsultationDue: (Rule(Recipient.LEADS, "consultation_due", include_actor=True),),
    IncidentProposed: (Rule(Recipient.LEADS, "incident_proposed", include_actor=True),),
    IncidentOpened: (
        Rule(Recipient.LEADS, "incident_opened", include_actor=True),
        Rule(Recipient.ON_CALL, "incident_opened", at_once=True, acknowledged=True),
    ),
    SlaReviewMade: (Rule(Recipient.LEADS, "review_made", include_actor=True),),
    SlaImprovementRaised: (Rule(Recipient.OWNER, "improvement_raised"),),
    SlaImprovementDue: (Rule(Recipient.OWNER, "improvement_due", include_actor=True),),
    KbArticleDrafted: (Rule(Recipient.EDITORS, "article_drafted", include_actor=True),),
    KbReviewDue: (Rule(Recipient.EDITORS, "article_review_due", include_actor=True),),
    KbTrainingPlanned: (
        Rule(Recipient.LEADS, "training_planned", include_actor=True),
        Rule(Recipient.EDITORS, "training_planned", include_actor=True),
    ),
    KbFollowUpDue: (Rule(Recipient.LEADS, "follow_up_due", include_actor=True),),
    KbReleasePackReady: (
        Rule(Recipient.LEADS, "release_pack_ready", include_actor=True),
        Rule(Recipient.EDITORS, "release_pack_ready", include_actor=True),
    ),
    NotifyContactTaskOpened: (
        Rule(Recipient.ASSIGNEE, "contact_task", include_actor=True),
        Rule(Recipient.LEADS, "contact_tasks_waiting", include_actor=True),
    ),
    NotifyContactTaskDone: (Rule(Recipient.LEADS, "customer_not_reached", include_actor=True, when=_not_reached),),
    NotifyUnacknowledged: (
        Rule(Recipient.LEADS, "unacknowledged", include_actor=True),
        Rule(Recipient.ADMINS, "unacknowledged", include_actor=True, when=_again),
    ),
    NotifyWebhookDisabled: (Rule(Recipient.ADMINS, "webhook_disabled", include_actor=True),),
}


def rules_for(event: Event) -> list[Rule]:
    return [rule for rule in RULES.get(type(event), ()) if rule.when(event)]


ABOUT_NO_TICKET = (
    IncidentProposed,
    IncidentOpened,
    KbArticleDrafted,
    SlaYearMissing,
    SlaReviewMade,
    SlaImprovementRaised,
    SlaImprovementDue,
    KbReviewDue,
    KbTrainingPlanned,
    KbFollowUpDue,
    KbReleasePackReady,
    NotifyUnacknowledged,
    NotifyWebhookDisabled,
)


def actors_of(event: Event) -> set[str]:
    """The people whose action it is, by their `sub`."""
    return {event.actor, getattr(event, "author", ""), getattr(event, "by", "")} - {""}

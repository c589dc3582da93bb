"""What a work item keeps of what other services publish. The same facts in any order, however often each is heard, make
the same work item: of two about one matter the greater revision holds, the rest is kept under its own name.

A fact is never refused. The worklog has excerpts of texts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.triage.work.domain import WorkItem
from services.triage.work.values import Activity, Consent, WorklogEntry
from shared.events import (
    Event,
    IncidentTicketAdded,
    IncidentTicketRemoved,
    KbArticleReused,
    SlaConsultationDue,
    SlaDeadlineMoved,
    TicketAmended,
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketUrged,
    TicketWaiting,
)
from shared.terms import Category, ClockKind, Priority, WaitingFor

PROBLEM, WAITING, OPEN = "problem", "waiting", "open"
SATISFACTION, DEADLINE, RESPONSE = "satisfaction", "deadline", "response"


def opened(event: TicketOpened) -> WorkItem:
    """Not yet diagnosed: category and priority are what they are when nothing says more."""
    item = WorkItem(
        id=event.subject,
        opening=event.id,
        problem=event.problem,
        customer=event.customer_name or event.customer,
        company=event.company,
        contact_language=event.contact.language,
        channel=event.channel,
        tier=event.tier,
        opened_at=event.time,
        category=Category.OPERATION,
        priority=Priority.NORMAL,
        queue=Category.OPERATION.value,
        waiting_for=event.waiting_for,
    )
    item.revisions = {PROBLEM: event.revision, WAITING: event.revision}
    return item


def opened_again(item: WorkItem, event: TicketOpened) -> None:
    """When another ticket was opened under its number, facts of others change nothing any more."""
    item.disputed = item.opening not in ("", event.id)


# ---- intake and kb


def problem_changed(item: WorkItem, event: TicketQuestionsAnswered | TicketAmended) -> bool:
    """Whether that is news."""
    if item.is_overtaken(PROBLEM, event):
        return False
    item.problem = event.problem
    return True


def waiting(item: WorkItem, event: TicketWaiting) -> None:
    if not item.is_overtaken(WAITING, event):
        item.waiting_for = event.waiting_for


def resumed(item: WorkItem, event: TicketResumed) -> None:
    """One wait may end in the very change in which another begins."""
    before = item.revisions.get(WAITING, 0)
    if not item.is_overtaken(WAITING, event) and (event.revision > before or item.waiting_for == event.waited_for):
        item.waiting_for = WaitingFor.NONE


def consent_given(item: WorkItem, event: TicketConsentGiven) -> None:
    if not item.is_overtaken(f"consent {event.consent}", event):
        given = Consent(
            id=event.consent,
            scope=event.scope,
            tool=event.tool,
            expires_at=event.expires_at,
            revision=event.revision,
        )
        others = (one for one in item.consents if one.id != event.consent)
        item.consents = sorted([*others, given], key=lambda one: (one.revision, one.id))
    item.log(WorklogEntry.of_fact(event, Activity.CONSENT_GIVEN, event.given_by, event.words, scope=event.scope))


def consent_revoked(item: WorkItem, event: TicketConsentRevoked) -> None:
    if not item.is_overtaken(f"consent {event.consent}", event):
        item.consents = [consent for consent in item.consents if consent.id != event.consent]
    item.log(WorklogEntry.of_fact(event, Activity.CONSENT_REVOKED, event.actor))


def solution_accepted(item: WorkItem, event: TicketSolutionAccepted) -> None:
    item.accepted_round = max(item.accepted_round, event.round)
    item.log(WorklogEntry.of_fact(event, Activity.ACCEPTED, event.actor, event.comment))


def solution_rejected(item: WorkItem, event: TicketSolutionRejected) -> None:
    item.round = max(item.round, event.round)
    item.log(WorklogEntry.of_fact(event, Activity.REJECTED, event.actor, event.comment))


def feedback_given(item: WorkItem, event: TicketFeedbackGiven) -> None:
    if not item.is_overtaken(SATISFACTION, event):
        item.satisfaction = event.satisfaction
    said = event.satisfaction.value
    item.log(WorklogEntry.of_fact(event, Activity.RATED, event.actor, event.comment, satisfaction=said))


def completed(item: WorkItem, event: TicketCompleted) -> None:
    if not item.is_overtaken(OPEN, event):
        item.open = False
    item.log(WorklogEntry.of_fact(event, Activity.COMPLETED, event.actor, event.reason))


def reopened(item: WorkItem, event: TicketReopened) -> bool:
    """Whether it is open again by this, heard for the first time."""
    if not item.is_overtaken(SATISFACTION, event):
        item.satisfaction = None
    item.round = max(item.round, event.round)
    if event.round > item.reopened_round:
        item.reopened_round, item.reopened_at = event.round, event.time
    is_news = item.log(WorklogEntry.of_fact(event, Activity.REOPENED, event.actor, event.reason))
    if item.is_overtaken(OPEN, event):
        return False
    item.open = True
    return is_news


def urged(item: WorkItem, event: TicketUrged) -> None:
    item.urges = max(item.urges, event.times)
    item.log(WorklogEntry.of_fact(event, Activity.URGED, event.actor, event.comment))


def article_reused(item: WorkItem, event: KbArticleReused) -> None:
    item.log(WorklogEntry.of_fact(event, Activity.ARTICLE_REUSED, event.by, event.title, article=event.article))


# ---- incidents


def incident_joined(item: WorkItem, event: IncidentTicketAdded) -> bool:
    """Whether that is news."""
    item.log(WorklogEntry.of_fact(event, Activity.INCIDENT_JOINED, event.actor, event.reason, incident=event.incident))
    if item.is_overtaken(f"incident {event.incident}", event):
        return False
    item.incidents = sorted({*item.incidents, event.incident})
    return True


def incident_left(item: WorkItem, event: IncidentTicketRemoved) -> None:
    item.log(WorklogEntry.of_fact(event, Activity.INCIDENT_LEFT, event.actor, event.reason, incident=event.incident))
    if not item.is_overtaken(f"incident {event.incident}", event):
        item.incidents = [one for one in item.incidents if one != event.incident]


def knows_incident(item: WorkItem, incident: str) -> bool:
    """Whether it was heard that the ticket came in or left."""
    return f"incident {incident}" in item.revisions


# ---- sla


def deadline_moved(item: WorkItem, event: SlaDeadlineMoved) -> None:
    if not item.is_overtaken(DEADLINE, event):
        item.next_due, item.breached, item.due_is_provisional = event.due_at, event.late, event.provisional
    if event.clock == ClockKind.RESPONSE and not item.is_overtaken(RESPONSE, event):
        item.response_due = event.due_at


def consultation_due(item: WorkItem, event: SlaConsultationDue) -> None:
    """Published once until the ticket is completed, and again after a reopening: the latest counts."""
    if item.consultation_due_at is None or event.due_at > item.consultation_due_at:
        item.consultation_due_at = event.due_at
    item.log(WorklogEntry.of_fact(event, Activity.CONSULTATION_DUE, event.actor or "service:sla"))


# What is heard of a work item that exists; `opened` makes it.
FACTS: Mapping[type[Event], Callable[[WorkItem, Any], object]] = {
    TicketOpened: opened_again,
    TicketQuestionsAnswered: problem_changed,
    TicketAmended: problem_changed,
    TicketWaiting: waiting,
    TicketResumed: resumed,
    TicketConsentGiven: consent_given,
    TicketConsentRevoked: consent_revoked,
    TicketSolutionAccepted: solution_accepted,
    TicketSolutionRejected: solution_rejected,
    TicketFeedbackGiven: feedback_given,
    TicketCompleted: completed,
    TicketReopened: reopened,
    TicketUrged: urged,
    KbArticleReused: article_reused,
    IncidentTicketAdded: incident_joined,
    IncidentTicketRemoved: incident_left,
    SlaDeadlineMoved: deadline_moved,
    SlaConsultationDue: consultation_due,
}


def hear(item: WorkItem, event: Event) -> bool:
    """Whether that is news, where the fact says so; a disputed work item hears nothing."""
    return not item.disputed and bool(FACTS[type(event)](item, event))

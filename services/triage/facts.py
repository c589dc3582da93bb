"""What a work item hears from other services. A fact is never refused; one that no longer matters changes nothing."""

from services.triage.domain import WorkItem
from services.triage.records import Consent, Did, Person
from shared.events import (
    Event,
    KbArticleReused,
    SlaConsultationDue,
    SlaDeadlineMoved,
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
)
from shared.terms import Stage, WaitingFor

# ---- what the customer and the front desk do


def wait(item: WorkItem, event: TicketWaiting) -> list[Event]:
    if not item.is_overtaken("waiting", event):
        item.waiting_for = event.waiting_for
    return []


def resume(item: WorkItem, event: TicketResumed) -> list[Event]:
    if not item.is_overtaken("waiting", event) and item.waiting_for is event.waited_for:
        item.waiting_for = WaitingFor.NONE
    return []


def consent(item: WorkItem, event: TicketConsentGiven) -> list[Event]:
    if all(consent.id != event.consent for consent in item.consents):
        if not item.is_overtaken(f"consent {event.consent}", event):
            item.consents.append(Consent(id=event.consent, scope=event.scope, expires_at=event.expires_at))
        item.log(Did.CONSENT_GIVEN, Person(event.given_by), event.time, event.words, scope=event.scope)
    return []


def revoke(item: WorkItem, event: TicketConsentRevoked) -> list[Event]:
    if not item.is_overtaken(f"consent {event.consent}", event):
        item.consents = [consent for consent in item.consents if consent.id != event.consent]
    item.log(Did.CONSENT_REVOKED, Person(event.actor), event.time)
    return []


def accept(item: WorkItem, event: TicketSolutionAccepted) -> list[Event]:
    """On record also when it is heard after the completion that it led to."""
    if event.round == item.round:
        item.log(Did.ACCEPTED, Person(event.actor), event.time, event.comment)
        if item.open:
            item.stage, item.waiting_for = Stage.FEEDBACK, WaitingFor.NONE
    return []


def reject(item: WorkItem, event: TicketSolutionRejected) -> list[Event]:
    if item.open and event.round > item.round:
        item.round, item.waiting_for = event.round, WaitingFor.NONE
        item.stage = Stage.HANDLING if item.assignee else Stage.DIAGNOSIS
        item.log(Did.REJECTED, Person(event.actor), event.time, event.comment)
    return []


def rate(item: WorkItem, event: TicketFeedbackGiven) -> list[Event]:
    item.satisfaction = event.satisfaction
    item.log(Did.RATED, Person(event.actor), event.time, event.comment, satisfaction=event.satisfaction.value)
    return []


def complete(item: WorkItem, event: TicketCompleted) -> list[Event]:
    if item.is_overtaken("open", event):
        return []
    item.open, item.stage, item.waiting_for = False, Stage.ARCHIVED, WaitingFor.NONE
    item.next_due, item.breached = None, False
    item.log(Did.COMPLETED, Person(event.actor), event.time)
    return []


def reuse(item: WorkItem, event: KbArticleReused) -> list[Event]:
    item.log(Did.ARTICLE_REUSED, Person(event.by), event.time, event.title, article=event.article)
    return []


# ---- the clocks


def move_deadline(item: WorkItem, event: SlaDeadlineMoved) -> list[Event]:
    """Also on a closed item: that it is reopened may be heard a moment later."""
    if not item.is_overtaken("deadline", event):
        item.next_due, item.breached = event.due_at, event.late
    return []


def need_consultation(item: WorkItem, event: SlaConsultationDue) -> list[Event]:
    if item.open and item.stage is not Stage.CONSULTATION:
        item.consultation_due = True
        item.log(Did.CONSULTATION_DUE, Person("sla"), event.time)
    return []

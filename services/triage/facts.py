"""What a work item hears from other services. A fact is never refused; one that no longer matters changes nothing."""

from datetime import datetime

from services.triage.domain import WorkItem
from services.triage.records import Consent, Did, Person, RunningClock
from shared.events import (
    Event,
    KbArticleReused,
    SlaBreached,
    SlaClockStarted,
    SlaConsultationDue,
    SlaDueChanged,
    SlaMet,
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
)
from shared.terms import ClockKind, Stage, WaitingFor

# ---- what the customer and the front desk do


def wait(item: WorkItem, event: TicketWaiting) -> list[Event]:
    item.waiting_for = event.waiting_for
    return []


def resume(item: WorkItem, event: TicketResumed) -> list[Event]:
    if item.waiting_for is event.waited_for:
        item.waiting_for = WaitingFor.NONE
    return []


def consent(item: WorkItem, event: TicketConsentGiven) -> list[Event]:
    if all(consent.id != event.consent for consent in item.consents):
        item.consents.append(Consent(id=event.consent, scope=event.scope, expires_at=event.expires_at))
        item.log(Did.CONSENT_GIVEN, Person(event.given_by), event.time, event.words, scope=event.scope)
    return []


def revoke(item: WorkItem, event: TicketConsentRevoked) -> list[Event]:
    item.consents = [consent for consent in item.consents if consent.id != event.consent]
    item.log(Did.CONSENT_REVOKED, Person(event.actor), event.time)
    return []


def accept(item: WorkItem, event: TicketSolutionAccepted) -> list[Event]:
    if item.open and event.round == item.round:
        item.stage, item.waiting_for = Stage.FEEDBACK, WaitingFor.NONE
        item.log(Did.ACCEPTED, Person(event.actor), event.time, event.comment)
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
    item.open, item.stage, item.waiting_for = False, Stage.ARCHIVED, WaitingFor.NONE
    item.clocks = []
    _read_clocks(item)
    item.log(Did.COMPLETED, Person(event.actor), event.time)
    return []


def reuse(item: WorkItem, event: KbArticleReused) -> list[Event]:
    item.log(Did.ARTICLE_REUSED, Person(event.by), event.time, event.title, article=event.article)
    return []


# ---- the clocks


def start_clock(item: WorkItem, event: SlaClockStarted) -> list[Event]:
    """Also on a closed item: that it is reopened may be heard a moment later."""
    return _set_clock(item, event.clock, event.due_at, late=False)


def move_clock(item: WorkItem, event: SlaDueChanged) -> list[Event]:
    if not item.open:
        return []
    was_late = any(clock.late for clock in item.clocks if clock.clock is event.clock)
    still_late = was_late and event.due_at is not None and event.due_at <= event.time
    return _set_clock(item, event.clock, event.due_at, still_late)


def miss_clock(item: WorkItem, event: SlaBreached) -> list[Event]:
    return _set_clock(item, event.clock, event.due_at, late=True) if item.open else []


def stop_clock(item: WorkItem, event: SlaMet) -> list[Event]:
    item.clocks = [clock for clock in item.clocks if clock.clock is not event.clock]
    return _read_clocks(item)


def need_consultation(item: WorkItem, event: SlaConsultationDue) -> list[Event]:
    if item.open and item.stage is not Stage.CONSULTATION:
        item.consultation_due = True
        item.log(Did.CONSULTATION_DUE, Person("sla"), event.time)
    return []


def _set_clock(item: WorkItem, clock: ClockKind, due_at: datetime | None, late: bool) -> list[Event]:
    others = [one for one in item.clocks if one.clock is not clock]
    item.clocks = [*others, RunningClock(clock=clock, due_at=due_at, late=late)]
    return _read_clocks(item)


def _read_clocks(item: WorkItem) -> list[Event]:
    item.next_due = min((clock.due_at for clock in item.clocks if clock.due_at), default=None)
    item.breached = any(clock.late for clock in item.clocks)
    return []

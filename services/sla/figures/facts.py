"""What the record of a ticket keeps of what was published about it. A fact may come late, twice and in any order."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from services.sla.figures.domain import TicketRecord
from shared.events import (
    Event,
    KbCaseArchived,
    Problem,
    SlaBreached,
    SlaDeadlineMoved,
    SlaWarned,
    TicketAmended,
    TicketCalledBack,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketMessagePosted,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
    TriageAssigned,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageEscalated,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageSolutionFailed,
    TriageThirdPartyEngaged,
)

PROBLEM, DIAGNOSIS, TEAM, ASSIGNMENT = "problem", "diagnosis", "team", "assignment"
END, FEEDBACK, CAUSE = "end", "feedback", "cause"


def _opened(record: TicketRecord, event: TicketOpened) -> None:
    if record.opened_at is None:
        record.opened_at = event.time
        record.company, record.tier, record.channel = event.company[:200], event.tier[:200], event.channel
        _problem(record, event)


def _problem(record: TicketRecord, event: TicketOpened | TicketAmended | TicketQuestionsAnswered) -> None:
    if not record.is_overtaken(PROBLEM, event):
        problem: Problem = event.problem
        record.product, record.module = problem.product[:200], problem.module[:200]
        record.product_version = problem.product_version[:200]


def _diagnosed(record: TicketRecord, event: TriageDiagnosed | TriageReclassified) -> None:
    if not record.is_overtaken(DIAGNOSIS, event):
        record.category, record.priority = event.category, event.priority
    if not record.is_overtaken(TEAM, event):
        record.team = event.queue[:200]


def _escalated(record: TicketRecord, event: TriageEscalated) -> None:
    if not record.is_overtaken(TEAM, event):
        record.team = event.team[:200]


def _assigned(record: TicketRecord, event: TriageAssigned) -> None:
    if not record.is_overtaken(ASSIGNMENT, event):
        record.engineer = event.engineer
    record.assigned_at = min(record.assigned_at or event.time, event.time)


def _released(record: TicketRecord, event: TriageReleased) -> None:
    if not record.is_overtaken(ASSIGNMENT, event):
        record.engineer = ""


def _accepted(record: TicketRecord, event: TicketSolutionAccepted) -> None:
    if not record.is_overtaken(END, event):
        record.resolved_at = event.time


def _rejected(record: TicketRecord, event: TicketSolutionRejected) -> None:
    record.note("rejected", event.revision)


def _completed(record: TicketRecord, event: TicketCompleted) -> None:
    record.name("fingerprints", event.fingerprints)
    if not record.is_overtaken(END, event):
        record.completed_at, record.outcome, record.resolved_at = event.time, event.outcome, event.resolved_at


def _reopened(record: TicketRecord, event: TicketReopened) -> None:
    if not event.undone:
        record.note("reopened", event.revision)
    if not record.is_overtaken(END, event):
        record.completed_at = record.resolved_at = record.outcome = None
    if not record.is_overtaken(FEEDBACK, event):
        record.satisfaction = None


def _rated(record: TicketRecord, event: TicketFeedbackGiven) -> None:
    if not record.is_overtaken(FEEDBACK, event):
        record.satisfaction = event.satisfaction


def _called_back(record: TicketRecord, event: TicketCalledBack) -> None:
    if not record.is_overtaken(CAUSE, event):
        record.cause = event.cause_of_dissatisfaction[:200]


def _failed(record: TicketRecord, event: TriageSolutionFailed) -> None:
    record.note("failed", event.revision)


def _consulted(record: TicketRecord, event: TriageConsultationOpened) -> None:
    record.note("consulted", event.revision)


def _third_party(record: TicketRecord, event: TriageThirdPartyEngaged) -> None:
    record.note("third_parties", event.revision)


def _log(record: TicketRecord, event: TriageLogAnalysed) -> None:
    record.name("fingerprints", event.fingerprints)


def _archived(record: TicketRecord, event: KbCaseArchived) -> None:
    record.name("tags", event.tags)


def _clocks_alone(record: TicketRecord, event: Event) -> None:
    """Only the ticket's clocks have changed, which are read again after every event."""


FACTS: Mapping[type[Event], Callable[[TicketRecord, Any], None]] = {
    TicketOpened: _opened,
    TicketAmended: _problem,
    TicketQuestionsAnswered: _problem,
    TicketMessagePosted: _clocks_alone,
    TicketWaiting: _clocks_alone,
    TicketResumed: _clocks_alone,
    TicketSolutionAccepted: _accepted,
    TicketSolutionRejected: _rejected,
    TicketFeedbackGiven: _rated,
    TicketCalledBack: _called_back,
    TicketCompleted: _completed,
    TicketReopened: _reopened,
    TriageDiagnosed: _diagnosed,
    TriageDiagnosisConfirmed: _clocks_alone,
    TriageReclassified: _diagnosed,
    TriageEscalated: _escalated,
    TriageAssigned: _assigned,
    TriageReleased: _released,
    TriageSolutionFailed: _failed,
    TriageConsultationOpened: _consulted,
    TriageThirdPartyEngaged: _third_party,
    TriageLogAnalysed: _log,
    KbCaseArchived: _archived,
    SlaWarned: _clocks_alone,
    SlaBreached: _clocks_alone,
    SlaDeadlineMoved: _clocks_alone,
}


def hear(record: TicketRecord, event: Event, day_of: Callable[[datetime], str]) -> None:
    FACTS[type(event)](record, event)
    if record.opened_at and not record.day:
        record.day = day_of(record.opened_at)
    record.update_open()

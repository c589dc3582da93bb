"""What triage says about a ticket. A fact is never refused, and may be heard late, twice and in any order.

A stage is never set here: it follows from what is known (`Ticket.update_stage`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.intake.forms.catalog import Forms
from services.intake.tickets.asking import follow, subject_of
from services.intake.tickets.domain import Ticket
from services.intake.tickets.sizes import ROUNDS_BYTES, with_oldest_truncated
from services.intake.tickets.values import ThirdPartyRequest
from shared.events import (
    Event,
    SolutionRound,
    TriageAssigned,
    TriageConsultationCancelled,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)

MAX_FINGERPRINTS = 200
MAX_REQUESTS = 50  # to third parties
DIAGNOSIS, ASSIGNEE, CONSULTATION, THIRD_PARTY = "diagnosis", "assignee", "consultation", "third party"


def classify(ticket: Ticket, event: TriageDiagnosed | TriageReclassified) -> None:
    if not ticket.is_overtaken(DIAGNOSIS, event):
        ticket.category, ticket.priority = event.category, event.priority


def assign(ticket: Ticket, event: TriageAssigned) -> None:
    if not ticket.is_overtaken(ASSIGNEE, event):
        ticket.assignee, ticket.assignee_name = event.engineer, event.engineer_name


def release(ticket: Ticket, event: TriageReleased) -> None:
    if not ticket.is_overtaken(ASSIGNEE, event):
        ticket.assignee, ticket.assignee_name = "", ""


def add_fingerprints(ticket: Ticket, event: TriageLogAnalysed) -> None:
    remember(ticket, event.fingerprints)


def remember(ticket: Ticket, fingerprints: Iterable[str]) -> None:
    """Sorted, so that the same ones are kept whichever came first."""
    ticket.fingerprints = sorted({*ticket.fingerprints, *fingerprints})[:MAX_FINGERPRINTS]


def open_consultation(ticket: Ticket, event: TriageConsultationOpened) -> None:
    if not ticket.is_overtaken(CONSULTATION, event):
        ticket.consulting = True


def conclude_consultation(ticket: Ticket, event: TriageConsultationConcluded | TriageConsultationCancelled) -> None:
    if not ticket.is_overtaken(CONSULTATION, event):
        ticket.consulting = False


def engage_third_party(ticket: Ticket, event: TriageThirdPartyEngaged) -> None:
    """Who brings in others goes on without what the customer was asked for."""
    ticket.lacking = False
    known = {one.id for one in ticket.third_party_requests}
    if event.email and event.engagement not in known and len(known) < MAX_REQUESTS:
        request = ThirdPartyRequest(
            id=event.engagement,
            party=event.party,
            email=event.email,
            title=event.title,
            asked=event.reason,
            customer=event.customer,
            attachments=event.attachments,
            due_at=event.due_at,
        )
        ticket.third_party_requests = [*ticket.third_party_requests, request]
    _wait_for(ticket, event, True)


def record_third_party_answer(ticket: Ticket, event: TriageThirdPartyAnswered) -> None:
    ticket.lacking = False
    ticket.third_party_requests = [
        one.model_copy(update={"answered_at": one.answered_at or event.time}) if one.id == event.engagement else one
        for one in ticket.third_party_requests
    ]
    _wait_for(ticket, event, False)


def _wait_for(ticket: Ticket, event: TriageThirdPartyEngaged | TriageThirdPartyAnswered, is_asked: bool) -> None:
    """Until the last of them has answered; of those that were engaged before a solution none is waited for."""
    name = event.engagement or event.party
    if ticket.is_overtaken(f"{THIRD_PARTY} {name}", event):
        return
    is_over = event.revision < ticket.revisions.get(THIRD_PARTY, 0)
    asked = {name} if is_asked and not is_over else set()
    ticket.parties = sorted({*ticket.parties} - {name} | asked)
    ticket.third_party = bool(ticket.parties)


def add_solution(ticket: Ticket, event: TriageSolutionVerified) -> None:
    """It works in our test environment: now the customer is asked, and nobody else is waited for."""
    ticket.lacking = False
    if not ticket.is_overtaken(CONSULTATION, event):
        ticket.consulting = False
    if not ticket.is_overtaken(THIRD_PARTY, event):
        asked_at = {one: ticket.revisions.get(f"{THIRD_PARTY} {one}", 0) for one in ticket.parties}
        ticket.parties = [one for one in ticket.parties if asked_at[one] > event.revision]
        ticket.third_party = bool(ticket.parties)
    if event.category and event.priority and not ticket.is_overtaken(DIAGNOSIS, event):
        ticket.category, ticket.priority = event.category, event.priority
    if event.assignee and not ticket.is_overtaken(ASSIGNEE, event):
        ticket.assignee, ticket.assignee_name = event.assignee, event.assignee_name
    if all(known.round != event.round for known in ticket.rounds):
        rounds = sorted([*ticket.rounds, _round(event)], key=lambda one: one.round)
        ticket.rounds = with_oldest_truncated(rounds, ROUNDS_BYTES)
        if not ticket.resolved_at:  # that a new round began is triage's word, when ours was lost
            ticket.round = max(ticket.round, event.round)


FACTS: Mapping[type[Event], Callable[[Ticket, Any], None]] = {
    TriageDiagnosed: classify,
    TriageReclassified: classify,
    TriageAssigned: assign,
    TriageReleased: release,
    TriageLogAnalysed: add_fingerprints,
    TriageConsultationOpened: open_consultation,
    TriageConsultationConcluded: conclude_consultation,
    TriageConsultationCancelled: conclude_consultation,
    TriageThirdPartyEngaged: engage_third_party,
    TriageThirdPartyAnswered: record_third_party_answer,
    TriageSolutionVerified: add_solution,
}


def hear(ticket: Ticket, event: Event, forms: Forms | None = None) -> list[Event]:
    """A category may be asked by another form."""
    before = subject_of(ticket)
    FACTS[type(event)](ticket, event)
    more = follow(ticket, forms, before, event.time)
    return [*more, *ticket.update_stage(event.kind.partition(".")[2], event.time)]


def _round(event: TriageSolutionVerified) -> SolutionRound:
    return SolutionRound(
        round=event.round,
        solution=event.solution,
        root_cause=event.root_cause,
        article=event.article,
        environment=event.environment,
        steps=event.steps,
        expected=event.expected,
        result=event.result,
        evidence=event.evidence,
        verified_by=event.actor,
        verified_at=event.time,
    )

"""What triage says about a ticket. A fact is never refused, and may be heard late, twice and in any order.

A stage is never set here: it follows from what is known (`Ticket.settle`).
"""

from services.intake.tickets.domain import Ticket
from services.intake.tickets.sizes import ROUNDS, lightened
from shared.events import (
    Event,
    SolutionRound,
    TriageAssigned,
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

FINGERPRINTS = 200


def diagnosed(ticket: Ticket, event: TriageDiagnosed | TriageReclassified) -> list[Event]:
    if not ticket.is_overtaken("diagnosis", event):
        ticket.category, ticket.priority = event.category, event.priority
    return _settle(ticket, event)


def assigned(ticket: Ticket, event: TriageAssigned) -> list[Event]:
    if not ticket.is_overtaken("assignee", event):
        ticket.assignee, ticket.assignee_name = event.engineer, event.engineer_name
    return _settle(ticket, event)


def released(ticket: Ticket, event: TriageReleased) -> list[Event]:
    if not ticket.is_overtaken("assignee", event):
        ticket.assignee, ticket.assignee_name = "", ""
    return _settle(ticket, event)


def log_analysed(ticket: Ticket, event: TriageLogAnalysed) -> list[Event]:
    """Sorted, so that the same ones are kept whichever came first."""
    ticket.fingerprints = sorted({*ticket.fingerprints, *event.fingerprints})[:FINGERPRINTS]
    return []


def consultation_opened(ticket: Ticket, event: TriageConsultationOpened) -> list[Event]:
    if not ticket.is_overtaken("consultation", event):
        ticket.consulting = True
    return _settle(ticket, event)


def consultation_concluded(ticket: Ticket, event: TriageConsultationConcluded) -> list[Event]:
    if not ticket.is_overtaken("consultation", event):
        ticket.consulting = False
    return _settle(ticket, event)


def third_party_engaged(ticket: Ticket, event: TriageThirdPartyEngaged) -> list[Event]:
    """Who brings in others goes on without what the customer was asked for."""
    ticket.lacking = False
    if not ticket.is_overtaken("third party", event):
        ticket.third_party = True
    return _settle(ticket, event)


def third_party_answered(ticket: Ticket, event: TriageThirdPartyAnswered) -> list[Event]:
    ticket.lacking = False
    if not ticket.is_overtaken("third party", event):
        ticket.third_party = False
    return _settle(ticket, event)


def verified(ticket: Ticket, event: TriageSolutionVerified) -> list[Event]:
    """It works in our test environment: now the customer is asked, and nobody else is waited for."""
    ticket.lacking = False
    if not ticket.is_overtaken("consultation", event):
        ticket.consulting = False
    if not ticket.is_overtaken("third party", event):
        ticket.third_party = False
    if event.category and event.priority and not ticket.is_overtaken("diagnosis", event):
        ticket.category, ticket.priority = event.category, event.priority
    if event.assignee and not ticket.is_overtaken("assignee", event):
        ticket.assignee, ticket.assignee_name = event.assignee, event.assignee_name
    if all(there.round != event.round for there in ticket.rounds):
        ticket.rounds = lightened(sorted([*ticket.rounds, _round(event)], key=lambda one: one.round), ROUNDS)
        if not ticket.resolved_at:  # that it began anew is triage's word, when ours was lost
            ticket.round = max(ticket.round, event.round)
    return _settle(ticket, event)


def _round(event: TriageSolutionVerified) -> SolutionRound:
    return SolutionRound(
        round=event.round,
        solution=event.solution,
        root_cause=event.root_cause,
        article=event.article,
        steps=event.steps,
        result=event.result,
        verified_by=event.actor,
        verified_at=event.time,
    )


def _settle(ticket: Ticket, event: Event) -> list[Event]:
    return ticket.settle(event.kind.partition(".")[2], event.time)

"""What a work item keeps of what was decided here: `record` applies the very event that is published, so that a work
item can be built again from the stream.

Each activity is in the worklog once, under the revision of its write; of two about one matter the later write holds.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.triage.work import assignees, investigation, meetings, outside_help
from services.triage.work.domain import WorkItem
from services.triage.work.values import (
    Activity,
    Actor,
    LogAnalysis,
    Proposal,
    RemoteSession,
    Verification,
    WorklogEntry,
)
from shared.domain import SERVICE, TooEarly
from shared.events import (
    Event,
    TriageAcknowledged,
    TriageActionDone,
    TriageActionDue,
    TriageAlarmRaised,
    TriageAssigned,
    TriageConsultationCancelled,
    TriageConsultationChanged,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageDeepAnalysisBegun,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageEscalated,
    TriageInvitationAnswered,
    TriageKnowledgeSearched,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageRemoteSessionEnded,
    TriageRemoteSessionStarted,
    TriageSolutionFailed,
    TriageSolutionProposed,
    TriageSolutionVerified,
    TriageStepTried,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
    TriageThirdPartyOverdue,
)
from shared.terms import Priority

DIAGNOSIS = "diagnosis"


def record(item: WorkItem, event: Event, by: Actor) -> list[Event]:
    """The event as it is published, applied to the work item."""
    published = event.model_copy(update={"revision": item.version + 1, "actor": by.sub})
    ACTIVITIES[type(published)](item, published)
    return [published]


def _log(item: WorkItem, event: Event, did: Activity, text: str = "", **details: str) -> bool:
    """False when it is there already."""
    return item.log(WorklogEntry.of_activity(event, did, text, **details))


# ---- diagnosis


def _diagnosed(item: WorkItem, event: TriageDiagnosed) -> None:
    words = {"category": event.category.value, "priority": event.priority.value}
    if not _log(item, event, Activity.DIAGNOSED, **words):
        return
    item.confirmed = item.confirmed or event.confirmed
    if not item.is_overtaken(DIAGNOSIS, event):
        item.category, item.priority, item.queue = event.category, event.priority, event.queue
        item.reasons, item.confidence = event.reasons, event.confidence
        item.evidence, item.versions = event.evidence, event.versions
        item.suggestions = event.suggestions
        item.team = item.team or event.team


def _reclassified(item: WorkItem, event: TriageReclassified) -> None:
    words = {"category": event.category.value, "priority": event.priority.value}
    said = event.reasons[0].en if event.reasons and not event.actor.startswith(SERVICE) else ""
    if event.priority is Priority.URGENT and event.was not in (None, Priority.URGENT):
        item.became_urgent = max(item.became_urgent, event.revision)
    item.taught = item.taught or not event.actor.startswith(SERVICE)
    if _log(item, event, Activity.RECLASSIFIED, said, **words) and not item.is_overtaken(DIAGNOSIS, event):
        item.category, item.priority, item.queue = event.category, event.priority, event.queue
        item.reasons, item.confidence = event.reasons, event.confidence
        item.evidence, item.versions = event.evidence, event.versions


def _confirmed(item: WorkItem, event: TriageDiagnosisConfirmed) -> None:
    item.confirmed = True
    item.taught = item.taught or not event.actor.startswith(SERVICE)
    _log(item, event, Activity.CONFIRMED)


# ---- remote assistance, logs


def _session_started(item: WorkItem, event: TriageRemoteSessionStarted) -> None:
    what = {"session": event.session, "tool": event.tool, "consent": event.consent}
    if _log(item, event, Activity.SESSION_STARTED, event.purpose, **what):
        session = RemoteSession(
            id=event.session,
            tool=event.tool,
            purpose=event.purpose,
            consent=event.consent,
            scope=event.scope,
            until=event.until,
            started_by=event.actor,
            started_at=event.time,
        )
        item.sessions = sorted([*item.sessions, session], key=lambda one: one.started_at)


def _session_ended(item: WorkItem, event: TriageRemoteSessionEnded) -> None:
    session = next((one for one in item.sessions if one.id == event.session), None)
    if session is None:
        raise TooEarly(f"the session {event.session} of {item.id} ends, its start has not been heard")
    what = {"session": event.session, "changes": event.changes, "recording": event.recording}
    if _log(item, event, Activity.SESSION_ENDED, "\n".join(event.key_steps), **what):
        session.ended_at = min(session.ended_at or event.time, event.time)
        session.cut_off = session.cut_off or event.cut_off
        if not event.cut_off:
            session.key_steps, session.changes, session.recording = event.key_steps, event.changes, event.recording
            session.recording_sha256, session.config_changes = event.recording_sha256, event.config_changes


def _log_analysed(item: WorkItem, event: TriageLogAnalysed) -> None:
    """The same log again replaces its analysis."""
    what = {"analysis": event.analysis, "exceptions": "\n".join(event.exceptions)}
    if not _log(item, event, Activity.LOG_ANALYSED, event.root_cause, **what):
        return
    analysis = LogAnalysis(
        id=event.analysis,
        by=event.actor,
        at=event.time,
        exceptions=event.exceptions,
        fingerprints=event.fingerprints,
        root_cause=event.root_cause,
        attachment=event.attachment,
        similar=event.similar,
        lines=event.lines,
        groups=event.groups,
        module=event.module,
        systems=event.systems,
        operations=event.operations,
    )
    before = next((one for one in item.log_analyses if one.id == analysis.id), None)
    if before is None or before.at <= analysis.at:
        others = (one for one in item.log_analyses if one.id != analysis.id)
        item.log_analyses = sorted([*others, analysis], key=lambda one: one.at)


# ---- the solution


def _proposed(item: WorkItem, event: TriageSolutionProposed) -> None:
    """Another one of the same round takes its place."""
    what = {"round": str(event.round), "article": event.article}
    if not _log(item, event, Activity.SOLUTION_PROPOSED, event.solution, **what):
        return
    proposal = Proposal(
        round=event.round,
        solution=event.solution,
        root_cause=event.root_cause,
        article=event.article,
        by=event.actor,
        at=event.time,
    )
    before = _proposal_of(item, event.round)
    if before is None or before.at <= proposal.at:
        proposal.verifications = before.verifications if before else []
        others = (one for one in item.proposals if one.round != event.round)
        item.proposals = sorted([*others, proposal], key=lambda one: one.round)


def _verified(item: WorkItem, event: TriageSolutionVerified | TriageSolutionFailed) -> None:
    proposal = _proposal_of(item, event.round)
    if proposal is None:
        raise TooEarly(f"round {event.round} of {item.id} is verified, its solution has not been heard")
    passed = isinstance(event, TriageSolutionVerified)
    what = {"round": str(event.round), "steps": event.steps}
    if item.log(
        WorklogEntry.of_activity(event, Activity.VERIFIED if passed else Activity.FAILED, event.result, **what)
    ):
        tried = Verification(
            environment=event.environment,
            steps=event.steps,
            expected=event.expected,
            result=event.result,
            evidence=event.evidence,
            passed=passed,
            by=event.actor,
            at=event.time,
        )
        proposal.verifications = sorted([*proposal.verifications, tried], key=lambda one: one.at)


def _proposal_of(item: WorkItem, round: int) -> Proposal | None:
    return next((one for one in item.proposals if one.round == round), None)


ACTIVITIES: Mapping[type[Event], Callable[[WorkItem, Any], None]] = {
    TriageDiagnosed: _diagnosed,
    TriageDiagnosisConfirmed: _confirmed,
    TriageReclassified: _reclassified,
    TriageAssigned: assignees.assigned,
    TriageReleased: assignees.released,
    TriageAcknowledged: assignees.acknowledged,
    TriageAlarmRaised: assignees.alarm_raised,
    TriageEscalated: assignees.escalated,
    TriageStepTried: investigation.step_tried,
    TriageKnowledgeSearched: investigation.knowledge_searched,
    TriageDeepAnalysisBegun: investigation.deep_analysis_begun,
    TriageRemoteSessionStarted: _session_started,
    TriageRemoteSessionEnded: _session_ended,
    TriageLogAnalysed: _log_analysed,
    TriageThirdPartyEngaged: outside_help.engaged,
    TriageThirdPartyAnswered: outside_help.answered,
    TriageThirdPartyOverdue: outside_help.overdue,
    TriageSolutionProposed: _proposed,
    TriageSolutionVerified: _verified,
    TriageSolutionFailed: _verified,
    TriageConsultationOpened: meetings.opened,
    TriageConsultationChanged: meetings.changed,
    TriageInvitationAnswered: meetings.answered,
    TriageConsultationCancelled: meetings.cancelled,
    TriageConsultationConcluded: meetings.concluded,
    TriageActionDue: meetings.action_due,
    TriageActionDone: meetings.action_done,
}

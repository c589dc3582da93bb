"""What the triage service is made of, on one screen."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from fastapi import FastAPI

from services.triage.categories import api as categories_api
from services.triage.categories.handlers import CategoryHandlers
from services.triage.categories.store import CategoryRecords
from services.triage.consultations import api as consultations_api
from services.triage.consultations.handlers import ConsultationHandlers
from services.triage.diagnosis import api as diagnosis_api
from services.triage.diagnosis import api_diagnoses, api_knowledge
from services.triage.diagnosis.attached_logs import AttachedLogs
from services.triage.diagnosis.handlers import DiagnosisHandlers
from services.triage.diagnosis.knowledge import SolvedCases
from services.triage.diagnosis_rules import api as rules_api
from services.triage.diagnosis_rules.handlers import RuleHandlers
from services.triage.diagnosis_rules.store import DiagnosisRules
from services.triage.incidents import api as incidents_api
from services.triage.incidents.handlers import IncidentHandlers
from services.triage.incidents.lifecycle import Limits
from services.triage.incidents.spreading import IncidentSpreading
from services.triage.incidents.store import Incidents, Sightings
from services.triage.incidents.watch import IncidentWatch
from services.triage.learning import api as learning_api
from services.triage.learning.handlers import LearningHandlers
from services.triage.learning.store import Learnings
from services.triage.log_jobs import api as log_jobs_api
from services.triage.log_jobs.handlers import LogJobHandlers
from services.triage.log_jobs.store import LogJobs
from services.triage.permissions import PERMISSIONS
from services.triage.presence import api as presence_api
from services.triage.presence.handlers import PresenceHandlers
from services.triage.presence.store import Presences
from services.triage.rebuild import KINDS, Rebuild
from services.triage.remote_tools import api as tools_api
from services.triage.remote_tools.handlers import RemoteToolHandlers
from services.triage.remote_tools.store import RemoteTools
from services.triage.routing import api as routing_api
from services.triage.routing import api_alarms, api_engineers, api_imports
from services.triage.routing.claims import ClaimHandlers
from services.triage.routing.dispatch import DispatchHandlers
from services.triage.routing.engineers import EngineerHandlers
from services.triage.routing.handlers import RoutingHandlers
from services.triage.routing.imports import ImportHandlers
from services.triage.routing.periodic_jobs import PeriodicJobs, Scheduler
from services.triage.routing.store import Engineers
from services.triage.routing.urgent import UrgentHandlers
from services.triage.routing.workload import Workload
from services.triage.settings import TriageSettings
from services.triage.teams import api as teams_api
from services.triage.teams.handlers import TeamHandlers
from services.triage.teams.store import Teams
from services.triage.third_parties import api as parties_api
from services.triage.third_parties.handlers import PartyHandlers
from services.triage.third_parties.store import Parties
from services.triage.third_party_systems import api as systems_api
from services.triage.third_party_systems.handlers import SystemHandlers
from services.triage.third_party_systems.store import ThirdPartySystems
from services.triage.work import api as work_api
from services.triage.work import api_remote_sessions, api_solutions, facts
from services.triage.work.files import TicketFiles
from services.triage.work.handlers import WorkHandlers
from services.triage.work.store import WorkItems
from shared.events import (
    ContactErased,
    Event,
    IncidentPriorityRaised,
    IncidentResolved,
    IncidentTicketAdded,
    SlaConsultationDue,
    TicketAmended,
    TicketCompleted,
    TicketConsentRevoked,
    TicketInvitationAnswered,
    TicketMessagePosted,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketReopened,
    TicketSolutionRejected,
    TicketThirdPartyReplied,
    TicketUrged,
    TriageAssigned,
    TriageDeepAnalysisBegun,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
)
from shared.mongo import Files
from shared.service import Runtime, serve
from shared.telemetry import OLDEST, UNASSIGNED

E = TypeVar("E", bound=Event)
ROUTERS = [
    part.router
    for part in (
        routing_api,
        api_alarms,
        api_imports,
        api_engineers,
        teams_api,
        presence_api,
        work_api,
        api_remote_sessions,
        api_solutions,
        diagnosis_api,
        log_jobs_api,
        api_knowledge,
        api_diagnoses,
        categories_api,
        rules_api,
        learning_api,
        consultations_api,
        systems_api,
        tools_api,
        incidents_api,
        parties_api,
    )
]


@dataclass(frozen=True)
class Triage:
    work: WorkHandlers
    routing: RoutingHandlers
    claims: ClaimHandlers
    engineers: EngineerHandlers
    imports: ImportHandlers
    teams: TeamHandlers
    presence: PresenceHandlers
    diagnosis: DiagnosisHandlers
    log_jobs: LogJobHandlers
    systems: SystemHandlers
    tools: RemoteToolHandlers
    incidents: IncidentHandlers
    parties: PartyHandlers
    categories: CategoryHandlers
    rules: RuleHandlers
    learning: LearningHandlers
    consultations: ConsultationHandlers

    async def fire(self, ids: Sequence[str]) -> None:
        """Of work items that are due: an alarm, a consent that ends, or somebody who is late."""
        await self.routing.urgent.fire(ids)
        await self.work.end_sessions(ids)
        await self.work.remind(ids)
        await self.consultations.remind(ids)


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("triage", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Triage:
    settings, now = TriageSettings(), runtime.now
    items, store = runtime.store(WorkItems), runtime.store(Engineers)
    parties = PartyHandlers(runtime.store(Parties))
    tools = RemoteToolHandlers(runtime.store(RemoteTools), settings.approved_tools)
    work = WorkHandlers(items, tools, TicketFiles(runtime.bus, settings.log_timeout), parties, now)
    teams = TeamHandlers(runtime.store(Teams))
    workload = Workload(work, store, timedelta(seconds=settings.reservation_seconds), now)
    urgent = UrgentHandlers(work, workload, teams, now)
    dispatch = DispatchHandlers(work, workload, teams, now)
    routing = RoutingHandlers(work, store, workload, urgent, dispatch, teams, now)
    engineers = EngineerHandlers(store, routing)
    cases = SolvedCases(runtime.bus, settings.search_timeout)
    files = AttachedLogs(runtime.bus, settings.log_timeout)
    systems = SystemHandlers(runtime.store(ThirdPartySystems))
    limits = Limits(
        timedelta(minutes=settings.incident_window_minutes),
        settings.incident_customers,
        settings.incident_confirm_customers,
        settings.incident_priorities,
    )
    watch = IncidentWatch(runtime.store(Incidents), runtime.store(Sightings), work, engineers, limits, now)
    incidents, spreading = IncidentHandlers(watch), IncidentSpreading(work, now)
    categories = CategoryHandlers(runtime.store(CategoryRecords), teams)
    rules = RuleHandlers(runtime.store(DiagnosisRules), categories, now)
    learning = LearningHandlers(runtime.store(Learnings), Files(runtime.database), work, now)
    diagnosis = DiagnosisHandlers(
        work, routing, cases, files, systems, categories, rules, learning, settings.many_users, now
    )
    log_jobs = LogJobHandlers(runtime.store(LogJobs), diagnosis, now)
    triage = Triage(
        work,
        routing,
        ClaimHandlers(work, routing),
        engineers,
        ImportHandlers(engineers),
        teams,
        PresenceHandlers(runtime.store(Presences), work, runtime.bus.notices, now),
        diagnosis,
        log_jobs,
        systems,
        tools,
        incidents,
        parties,
        categories,
        rules,
        learning,
        ConsultationHandlers(work, engineers, now),
    )
    runtime.on(ContactErased, in_turn(work.forget, incidents.forget))
    if runtime.silent:
        rebuild = Rebuild(items, store)
        for kind in KINDS:
            runtime.on(kind, rebuild.hear)
        return triage
    for kind in facts.FACTS:
        runtime.on(kind, work.hear)
    # These need more than that:
    runtime.on(TicketOpened, in_turn(triage.diagnosis.open, watch.see))
    runtime.on(TicketQuestionsAnswered, in_turn(triage.diagnosis.diagnose_again, watch.see_again))
    runtime.on(TicketAmended, in_turn(triage.diagnosis.diagnose_again, watch.see_again))
    runtime.on(TriageLogAnalysed, watch.see_log)
    runtime.on(IncidentTicketAdded, spreading.add)
    runtime.on(IncidentPriorityRaised, spreading.raise_all)
    runtime.on(IncidentResolved, spreading.resolve)
    runtime.on(TicketConsentRevoked, work.revoke_consent)
    runtime.on(TicketThirdPartyReplied, work.record_third_party_reply)
    runtime.on(TicketInvitationAnswered, triage.consultations.hear_answer)
    runtime.on(SlaConsultationDue, triage.consultations.due)
    runtime.on(TriageLogAnalysed, triage.consultations.look_at_modules)
    runtime.on(TriageDeepAnalysisBegun, triage.consultations.look_at_modules)
    runtime.on(TicketCompleted, routing.complete)
    runtime.on(TicketReopened, triage.diagnosis.reopened)
    runtime.on(TicketMessagePosted, triage.diagnosis.message_posted)
    runtime.on(TicketUrged, triage.diagnosis.urged)
    runtime.on(TicketSolutionRejected, triage.diagnosis.rejected)
    runtime.on(TriageAssigned, workload.hear)
    runtime.on(TriageReleased, routing.released)
    runtime.on(TriageReclassified, routing.reclassified)
    jobs = Scheduler(
        runtime.store(PeriodicJobs),
        {
            "assign_urgent": (timedelta(seconds=settings.assign_urgent_seconds), urgent.assign_waiting),
            "dispatch": (timedelta(seconds=settings.dispatch_seconds), dispatch.run),
            "hand_over": (timedelta(seconds=settings.reconcile_seconds), engineers.hand_over_rest),
            "learn": (timedelta(seconds=settings.learn_seconds), learning.begin),
            "reconcile": (timedelta(seconds=settings.reconcile_seconds), workload.reconcile),
        },
        now,
    )
    runtime.at_start(tools.begin)
    runtime.at_start(categories.seed)
    runtime.at_start(learning.files.ensure_indexes)
    runtime.at_stop(learning.stop)
    runtime.at_stop(log_jobs.stop)
    runtime.at_start(items.survey_queue)
    runtime.at_start(urgent.assign_waiting)
    runtime.at_start(jobs.schedule)
    runtime.measured(work.measure, UNASSIGNED, OLDEST)
    runtime.when_due(jobs.store, jobs.run)
    runtime.when_due(items, triage.fire)
    runtime.when_due(log_jobs.store, log_jobs.fire)
    runtime.when_due(watch.incidents, watch.finish_merges)
    return triage


def in_turn(*handlers: Callable[[E], Awaitable[object]]) -> Callable[[E], Awaitable[None]]:
    """All of them; after a crash in between all of them once more."""

    async def hear(event: E) -> None:
        for handle in handlers:
            await handle(event)

    return hear

"""What the triage service is made of, on one screen."""

from datetime import timedelta

from fastapi import FastAPI

from services.triage.handlers import Triage
from services.triage.permissions import PERMISSIONS
from services.triage.rebuild import NEEDED, Restoring
from services.triage.routing.api import router
from services.triage.routing.periodic_jobs import Chores
from services.triage.routing.store import Engineers
from services.triage.routing.workload import Loads
from services.triage.settings import TriageSettings
from services.triage.work.store import WorkItems
from shared.events import (
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
    TicketStageChanged,
    TicketWaiting,
    TriageAssigned,
    TriageReclassified,
    TriageReleased,
)
from shared.service import Runtime, serve


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("triage", wire, router, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Triage:
    work, engineers, settings = runtime.store(WorkItems), runtime.store(Engineers), TriageSettings()
    triage = Triage(
        work=work,
        engineers=engineers,
        loads=Loads(work, engineers, timedelta(seconds=settings.promises_last), runtime.now),
        chores=runtime.store(Chores),
        bus=runtime.bus,
        settings=settings,
        now=runtime.now,
    )
    if runtime.silent:
        restoring = Restoring(work, engineers)
        for kind in NEEDED:
            runtime.on(kind, restoring.hear)
        return triage
    runtime.on(TicketOpened, triage.begin)
    runtime.on(TicketQuestionsAnswered, triage.learn)
    runtime.on(TicketAmended, triage.learn)
    runtime.on(TicketStageChanged, triage.hear)
    runtime.on(TicketWaiting, triage.hear)
    runtime.on(TicketResumed, triage.hear)
    runtime.on(TicketConsentGiven, triage.hear)
    runtime.on(TicketConsentRevoked, triage.hear)
    runtime.on(TicketSolutionAccepted, triage.hear)
    runtime.on(TicketSolutionRejected, triage.hear)
    runtime.on(TicketFeedbackGiven, triage.hear)
    runtime.on(TicketCompleted, triage.complete)
    runtime.on(TicketReopened, triage.reopen)
    runtime.on(SlaDeadlineMoved, triage.hear)
    runtime.on(SlaConsultationDue, triage.hear)
    runtime.on(KbArticleReused, triage.hear)
    runtime.on(TriageAssigned, triage.loads.count)
    runtime.on(TriageReleased, triage.released)
    runtime.on(TriageReclassified, triage.reclassified)
    runtime.at_start(triage.work.look_over)
    runtime.at_start(triage.give_out_urgent)
    runtime.at_start(triage.set_chores)
    runtime.when_due(triage.chores, triage.do_chores)
    return triage

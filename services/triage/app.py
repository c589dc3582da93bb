"""What the triage service is made of, on one screen."""

from fastapi import FastAPI

from services.triage import facts
from services.triage.api import router
from services.triage.handlers import Triage
from services.triage.settings import TriageSettings
from services.triage.store import Engineers, WorkItems
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
    TicketWaiting,
    TriageAssigned,
    TriageReleased,
)
from shared.service import Runtime, serve


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("triage", wire, router, runtime)


def wire(runtime: Runtime) -> Triage:
    triage = Triage(
        work=runtime.store(WorkItems),
        engineers=runtime.store(Engineers),
        bus=runtime.bus,
        settings=TriageSettings(),
        now=runtime.now,
    )
    runtime.on(TicketOpened, triage.begin)
    runtime.on(TicketQuestionsAnswered, triage.learn)
    runtime.on(TicketAmended, triage.learn)
    runtime.on(TicketWaiting, triage.tell(facts.wait))
    runtime.on(TicketResumed, triage.tell(facts.resume))
    runtime.on(TicketConsentGiven, triage.tell(facts.consent))
    runtime.on(TicketConsentRevoked, triage.tell(facts.revoke))
    runtime.on(TicketSolutionAccepted, triage.tell(facts.accept))
    runtime.on(TicketSolutionRejected, triage.tell(facts.reject))
    runtime.on(TicketFeedbackGiven, triage.tell(facts.rate))
    runtime.on(TicketCompleted, triage.complete)
    runtime.on(TicketReopened, triage.reopen)
    runtime.on(TriageAssigned, triage.count)
    runtime.on(TriageReleased, triage.count)
    runtime.on(SlaDeadlineMoved, triage.tell(facts.move_deadline))
    runtime.on(SlaConsultationDue, triage.tell(facts.need_consultation))
    runtime.on(KbArticleReused, triage.tell(facts.reuse))
    runtime.at_start(triage.work.look_over)
    runtime.at_start(triage.give_out_urgent)
    return triage

"""What the sla service is made of, on one screen."""

from fastapi import FastAPI

from services.sla.api import router
from services.sla.handlers import Sla
from services.sla.rules import Rules
from services.sla.store import Calendars, Clocks, Policies
from shared.events import (
    SlaCalendarChanged,
    TicketCalledBack,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketMessagePosted,
    TicketOpened,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageReclassified,
)
from shared.service import Runtime, serve


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("sla", wire, router, runtime)


def wire(runtime: Runtime) -> Sla:
    clocks, policies, calendars = runtime.store(Clocks), runtime.store(Policies), runtime.store(Calendars)
    rules = Rules(policies, calendars, runtime.now)
    sla = Sla(clocks, policies, calendars, rules, runtime.now)
    runtime.at_start(rules.lay_down)

    runtime.on(TicketOpened, sla.start)
    runtime.on(TicketMessagePosted, sla.hear_message)
    runtime.on(TicketWaiting, sla.wait)
    runtime.on(TicketResumed, sla.go_on)
    runtime.on(TriageDiagnosed, sla.prioritise)
    runtime.on(TriageReclassified, sla.prioritise)
    runtime.on(TriageDiagnosisConfirmed, sla.confirm)
    runtime.on(TriageConsultationOpened, sla.consult)
    runtime.on(TicketSolutionAccepted, sla.accept)
    runtime.on(TicketSolutionRejected, sla.go_on)
    runtime.on(TicketFeedbackGiven, sla.rate)
    runtime.on(TicketCalledBack, sla.call_back)
    runtime.on(TicketReopened, sla.reopen)
    runtime.on(TicketCompleted, sla.complete)
    runtime.on(SlaCalendarChanged, sla.recount)

    runtime.when_due(clocks, sla.look)
    return sla

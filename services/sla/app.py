"""What the sla service is made of, on one screen."""

from fastapi import FastAPI

from services.sla.api import router
from services.sla.calendars.store import Calendars
from services.sla.clocks.store import Clocks
from services.sla.handlers import Sla
from services.sla.permissions import PERMISSIONS
from services.sla.policies.store import Policies
from services.sla.rules import Rules
from shared.events import (
    SlaBreached,
    SlaCalendarChanged,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaDeadlineMoved,
    SlaMet,
    SlaPolicyChanged,
    SlaWarned,
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
    return serve("sla", wire, router, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Sla:
    clocks, policies, calendars = runtime.store(Clocks), runtime.store(Policies), runtime.store(Calendars)
    rules = Rules(policies, calendars, runtime.now)
    sla = Sla(clocks, policies, calendars, rules, runtime.now, runtime.silent)
    runtime.at_start(rules.lay_down)

    runtime.on(TicketOpened, sla.hear)
    runtime.on(TicketMessagePosted, sla.hear)
    runtime.on(TicketWaiting, sla.hear)
    runtime.on(TicketResumed, sla.hear)
    runtime.on(TriageDiagnosed, sla.hear)
    runtime.on(TriageReclassified, sla.hear)
    runtime.on(TriageDiagnosisConfirmed, sla.hear)
    runtime.on(TriageConsultationOpened, sla.hear)
    runtime.on(TicketSolutionAccepted, sla.hear)
    runtime.on(TicketSolutionRejected, sla.hear)
    runtime.on(TicketFeedbackGiven, sla.hear)
    runtime.on(TicketCalledBack, sla.hear)
    runtime.on(TicketReopened, sla.hear)
    runtime.on(TicketCompleted, sla.hear)
    runtime.on(SlaCalendarChanged, sla.recount)
    runtime.on(SlaPolicyChanged, sla.promise)

    if runtime.silent:  # it is built again from the stream, and hears what it told itself
        runtime.on(SlaCalendarChanged, sla.restore_calendar)
        runtime.on(SlaPolicyChanged, sla.restore_promise)
        for own in (SlaWarned, SlaBreached, SlaMet, SlaConsultationDue, SlaCallBackDue, SlaDeadlineMoved):
            runtime.on(own, sla.recall)
    runtime.when_due(clocks, sla.look)
    return sla

"""What the intake service is made of, on one screen."""

from fastapi import APIRouter, FastAPI

from services.intake import api, links
from services.intake.handlers import Intake
from services.intake.store import Customers, Tickets
from shared.events import (
    TicketOpened,
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
from shared.links import Links
from shared.mongo import Counter
from shared.service import Runtime, serve


def create_app(runtime: Runtime | None = None) -> FastAPI:
    router = APIRouter()
    router.include_router(api.router)
    router.include_router(links.router)
    return serve("intake", wire, router, runtime)


def wire(runtime: Runtime) -> Intake:
    intake = Intake(
        tickets=runtime.store(Tickets),
        customers=runtime.store(Customers),
        numbers=Counter(runtime.database),
        files=runtime.database.files(),
        links=Links(runtime.settings.secret_for_links(), runtime.settings.public_url),
        now=runtime.now,
    )
    runtime.on(TicketOpened, intake.remember)
    runtime.on(TriageDiagnosed, intake.diagnosed)
    runtime.on(TriageReclassified, intake.diagnosed)
    runtime.on(TriageAssigned, intake.assigned)
    runtime.on(TriageReleased, intake.released)
    runtime.on(TriageLogAnalysed, intake.log_analysed)
    runtime.on(TriageConsultationOpened, intake.consultation_opened)
    runtime.on(TriageConsultationConcluded, intake.consultation_concluded)
    runtime.on(TriageThirdPartyEngaged, intake.third_party_engaged)
    runtime.on(TriageThirdPartyAnswered, intake.third_party_answered)
    runtime.on(TriageSolutionVerified, intake.verified)
    runtime.when_due(intake.tickets, intake.wait_ran_out)
    return intake

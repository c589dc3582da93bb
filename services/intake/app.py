"""What the intake service is made of, on one screen."""

from fastapi import APIRouter, FastAPI

from services.intake import api, api_closing, api_conversation, api_customers, api_verification, facts, links
from services.intake.attachments import Attachments, Uploads
from services.intake.directory import Directory
from services.intake.handlers import Intake
from services.intake.numbers import Numbers
from services.intake.permissions import PERMISSIONS
from services.intake.store import Customers, Tickets
from shared.events import (
    CustomerMerged,
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
from shared.mongo import Counter, Files
from shared.service import Runtime, serve


def create_app(runtime: Runtime | None = None) -> FastAPI:
    router = APIRouter()
    for part in (api, api_conversation, api_verification, api_closing, api_customers, links):
        router.include_router(part.router)
    return serve("intake", wire, router, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Intake:
    tickets, files = runtime.store(Tickets), Files(runtime.database)
    intake = Intake(
        tickets=tickets,
        directory=Directory(runtime.store(Customers), runtime.now),
        numbers=Numbers(Counter(runtime.database), runtime.bus),
        attachments=Attachments(tickets, runtime.store(Uploads), files, runtime.now),
        links=Links(runtime.settings.secret_for_links(), runtime.settings.public_url),
        now=runtime.now,
    )
    runtime.at_start(files.ensure_indexes)
    runtime.on(TicketOpened, intake.remember)
    runtime.on(CustomerMerged, intake.directory.was_merged)
    runtime.on(TriageDiagnosed, intake.tell(facts.diagnosed))
    runtime.on(TriageReclassified, intake.tell(facts.diagnosed))
    runtime.on(TriageAssigned, intake.tell(facts.assigned))
    runtime.on(TriageReleased, intake.tell(facts.released))
    runtime.on(TriageLogAnalysed, intake.tell(facts.log_analysed))
    runtime.on(TriageConsultationOpened, intake.tell(facts.consultation_opened))
    runtime.on(TriageConsultationConcluded, intake.tell(facts.consultation_concluded))
    runtime.on(TriageThirdPartyEngaged, intake.tell(facts.third_party_engaged))
    runtime.on(TriageThirdPartyAnswered, intake.tell(facts.third_party_answered))
    runtime.on(TriageSolutionVerified, intake.tell(facts.verified))
    runtime.when_due(tickets, intake.wait_ran_out)
    runtime.when_due(intake.attachments.uploads, intake.attachments.sweep)
    return intake

"""What the intake service is made of, on one screen."""

from fastapi import APIRouter, FastAPI

from services.intake.attachments.handlers import Attachments, Uploads
from services.intake.conversation import api as conversation_api
from services.intake.customers import api as customers_api
from services.intake.customers.handlers import Directory
from services.intake.customers.store import Customers
from services.intake.handlers import Intake
from services.intake.links import api_pages
from services.intake.permissions import PERMISSIONS
from services.intake.tickets import api, api_closing, facts
from services.intake.tickets.numbers import Numbers
from services.intake.tickets.store import Tickets
from services.intake.verification import api as verification_api
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
    for part in (api, conversation_api, verification_api, api_closing, customers_api, api_pages):
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

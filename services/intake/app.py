"""What the intake service is made of, on one screen."""

from dataclasses import dataclass

from fastapi import FastAPI

from services.intake.attachments import api as attachments_api
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.store import Uploads
from services.intake.consents import api as consents_api
from services.intake.conversation import api as conversation_api
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.customers import api as customers_api
from services.intake.customers.handlers import CustomerHandlers
from services.intake.customers.store import Customers
from services.intake.links import api as links_api
from services.intake.links import api_pages as link_pages
from services.intake.links.handlers import LinkHandlers
from services.intake.permissions import PERMISSIONS
from services.intake.settings import IntakeSettings
from services.intake.tickets import api as tickets_api
from services.intake.tickets import api_closing as closing_api
from services.intake.tickets import api_list as list_api
from services.intake.tickets.facts import FACTS
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.numbers import TicketNumbers
from services.intake.tickets.store import Tickets
from services.intake.verification import api as verification_api
from shared.events import CustomerMerged, TicketOpened
from shared.links import Links
from shared.mongo import Counter, Files
from shared.service import Runtime, serve

ROUTERS = [
    part.router
    for part in (
        tickets_api,
        list_api,
        conversation_api,
        attachments_api,
        consents_api,
        verification_api,
        closing_api,
        customers_api,
        links_api,
        link_pages,
    )
]


@dataclass(frozen=True)
class Intake:
    tickets: TicketHandlers
    customers: CustomerHandlers
    conversation: ConversationHandlers
    attachments: AttachmentHandlers
    links: LinkHandlers


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("intake", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Intake:
    settings, waits = runtime.settings, IntakeSettings()
    store, files = runtime.store(Tickets), Files(runtime.database)
    customers = CustomerHandlers(runtime.store(Customers), runtime.now)
    numbers = TicketNumbers(Counter(runtime.database), runtime.bus)
    tickets = TicketHandlers(store, customers, numbers, waits, runtime.now)
    attachments = AttachmentHandlers(store, runtime.store(Uploads), files, runtime.now)
    links = LinkHandlers(store, Links(settings.secret_for_links(), settings.public_url), waits, runtime.now)
    runtime.at_start(files.ensure_indexes)
    runtime.on(TicketOpened, tickets.record_opening)
    runtime.on(CustomerMerged, customers.record_merge)
    for kind in FACTS:
        runtime.on(kind, tickets.hear)
    runtime.when_due(store, tickets.feedback_timed_out)
    runtime.when_due(attachments.uploads, attachments.clean_up)
    return Intake(tickets, customers, ConversationHandlers(tickets), attachments, links)

"""What the intake service is made of, on one screen."""

from dataclasses import dataclass

from fastapi import FastAPI

from services.intake.attachments import api as attachments_api
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.log_files import LogFiles
from services.intake.attachments.store import Uploads
from services.intake.calls import api as calls_api
from services.intake.calls.handlers import CallHandlers
from services.intake.calls.store import Calls
from services.intake.changes import api as changes_api
from services.intake.channels import api as channels_api
from services.intake.channels.accounts import ChannelSettings, accounts
from services.intake.channels.handlers import ChannelHandlers
from services.intake.channels.store import ChannelThreads
from services.intake.consents import api as consents_api
from services.intake.conversation import api as conversation_api
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.customers import api as customers_api
from services.intake.customers.handlers import CustomerHandlers
from services.intake.customers.store import Customers, KnownErrors
from services.intake.directory import api_companies, api_contacts, api_imports
from services.intake.directory.handlers import DirectoryHandlers
from services.intake.directory.imports import ImportHandlers
from services.intake.directory.store import Directory
from services.intake.keeping.handlers import Keeping
from services.intake.links import api as links_api
from services.intake.links import api_pages as link_pages
from services.intake.links.handlers import LinkHandlers
from services.intake.links.words import WORDS as LINK_WORDS
from services.intake.macros import api as macros_api
from services.intake.macros.domain import MOST_OWN as OWN_MACROS
from services.intake.macros.domain import MOST_SHARED as SHARED_MACROS
from services.intake.macros.handlers import MacroHandlers
from services.intake.macros.store import Macros
from services.intake.mails import api as mails_api
from services.intake.mails.handlers import MailHandlers
from services.intake.mails.imap import ImapPoller
from services.intake.mails.settings import MailSettings
from services.intake.mails.smtp import Inbox, MailListener
from services.intake.mails.store import InboundMails, PolledMailboxes
from services.intake.merging import api as merging_api
from services.intake.merging.handlers import MergeHandlers
from services.intake.pages.layout import Pages
from services.intake.pages.settings import BrandSettings
from services.intake.permissions import PERMISSIONS
from services.intake.portal import api_acts as portal_acts
from services.intake.portal import api_sign_in as portal_sign_in
from services.intake.portal import api_tickets as portal_tickets
from services.intake.portal.handlers import PortalHandlers
from services.intake.portal.provider import Provider
from services.intake.portal.settings import SignInSettings
from services.intake.portal.words import WORDS as PORTAL_WORDS
from services.intake.relations import api as relations_api
from services.intake.relations.handlers import RelationHandlers
from services.intake.relations.store import Relations
from services.intake.saved_views import api as views_api
from services.intake.saved_views.domain import MOST_OWN, MOST_SHARED
from services.intake.saved_views.handlers import SavedViewHandlers
from services.intake.saved_views.store import SavedViews
from services.intake.settings import IntakeSettings
from services.intake.splitting import api as splitting_api
from services.intake.splitting.handlers import SplitHandlers
from services.intake.tickets import api as tickets_api
from services.intake.tickets import api_closing as closing_api
from services.intake.tickets import api_list as list_api
from services.intake.tickets import api_search as search_api
from services.intake.tickets.facts import FACTS
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.numbers import TicketNumbers
from services.intake.tickets.search import TicketSearch
from services.intake.tickets.store import Tickets
from services.intake.timeline import api as timeline_api
from services.intake.timeline.domain import KINDS
from services.intake.timeline.handlers import TimelineHandlers
from services.intake.timeline.store import Timeline
from services.intake.verification import api as verification_api
from services.intake.watchers import api as watchers_api
from shared import outbound
from shared.events import CustomerMerged, ReadLog, TicketMerged, TicketOpened, TicketRelated, TicketSplit
from shared.links import Links
from shared.mail_threads import MailThreads
from shared.mongo import Counter, Files
from shared.search import Generations
from shared.service import Runtime, serve

ROUTERS = [
    part.router
    for part in (
        tickets_api,
        list_api,
        search_api,
        views_api,
        changes_api,
        macros_api,
        conversation_api,
        attachments_api,
        consents_api,
        verification_api,
        closing_api,
        customers_api,
        api_imports,
        api_companies,
        api_contacts,
        links_api,
        link_pages,
        channels_api,
        mails_api,
        calls_api,
        merging_api,
        relations_api,
        splitting_api,
        watchers_api,
        timeline_api,
        portal_sign_in,
        portal_tickets,
        portal_acts,
    )
]


@dataclass(frozen=True)
class Intake:
    tickets: TicketHandlers
    customers: CustomerHandlers
    directory: DirectoryHandlers
    imports: ImportHandlers
    conversation: ConversationHandlers
    attachments: AttachmentHandlers
    links: LinkHandlers
    channels: ChannelHandlers
    mails: MailHandlers
    poller: ImapPoller
    calls: CallHandlers
    search: TicketSearch
    saved_views: SavedViewHandlers
    macros: MacroHandlers
    merging: MergeHandlers
    relations: RelationHandlers
    splitting: SplitHandlers
    timeline: TimelineHandlers
    portal: PortalHandlers


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("intake", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Intake:
    settings, waits = runtime.settings, IntakeSettings()
    store, files = runtime.store(Tickets), Files(runtime.database)
    directory = DirectoryHandlers(runtime.store(Directory), runtime.now)
    customers = CustomerHandlers(runtime.store(Customers), runtime.store(KnownErrors), directory, runtime.now)
    numbers = TicketNumbers(Counter(runtime.database), runtime.bus)
    tickets = TicketHandlers(store, customers, numbers, waits, runtime.now)
    attachments = AttachmentHandlers(store, runtime.store(Uploads), files, runtime.now)
    log_files = LogFiles(attachments)
    secret, mail = settings.secret_for_links(), MailSettings()
    conversation, merging = ConversationHandlers(tickets), MergeHandlers(tickets)
    relations, splitting = RelationHandlers(tickets, runtime.store(Relations)), SplitHandlers(tickets)
    pages = Pages(BrandSettings().brand, {**LINK_WORDS, **PORTAL_WORDS})
    links = LinkHandlers(conversation, Links(secret, settings.public_url), pages, waits, runtime.now)
    threads = runtime.store(ChannelThreads)
    messengers = ChannelSettings()
    http = outbound.client(messengers.outbound_allowed)
    known = accounts(messengers.channels, http)
    calls = CallHandlers(runtime.store(Calls), directory, runtime.now)
    channels = ChannelHandlers(known, threads, conversation, attachments, calls, runtime.now)
    runtime.at_stop(http.aclose)
    inbound = runtime.store(InboundMails)
    mails = MailHandlers(inbound, files, conversation, attachments, MailThreads(secret), mail, runtime.now)
    listener = MailListener(Inbox(mails, mail), mail)
    poller = ImapPoller(mail.accounts, mails, runtime.store(PolledMailboxes), runtime.now)
    database = runtime.database
    search = TicketSearch(store, Generations(database, "ticket"), waits, runtime.now, f"{database.name}-ticket")
    kept = Keeping(runtime.store(SavedViews), "V", MOST_OWN, MOST_SHARED)
    saved_views = SavedViewHandlers(kept, tickets, search, runtime.now)
    kept_macros = Keeping(runtime.store(Macros), "M", OWN_MACROS, SHARED_MACROS)
    macros = MacroHandlers(kept_macros, conversation, runtime.now)
    runtime.at_start(files.ensure_indexes)
    if not runtime.silent:
        runtime.at_start(search.follower.start)
        runtime.at_stop(search.follower.stop)
    runtime.at_start(listener.start)
    runtime.at_start(poller.start)
    runtime.at_stop(listener.stop)
    timeline = TimelineHandlers(runtime.store(Timeline))
    provider = Provider(SignInSettings())
    portal = PortalHandlers(tickets, conversation, attachments, runtime.bus, provider, pages, secret)
    runtime.bus.answers("intake.read_log", ReadLog, log_files.read)
    runtime.on_batch(KINDS, timeline.record)
    runtime.on(TicketOpened, tickets.record_opening)
    runtime.on(CustomerMerged, customers.record_merge)
    runtime.on(TicketMerged, merging.hear)
    runtime.on(TicketRelated, relations.hear)
    runtime.on(TicketSplit, splitting.hear)
    for kind in FACTS:
        runtime.on(kind, tickets.hear)
    runtime.when_due(store, tickets.when_due)
    runtime.when_due(attachments.uploads, attachments.clean_up)
    runtime.when_due(directory.store, customers.follow)
    runtime.when_due(threads, channels.deliver)
    runtime.when_due(inbound, mails.when_due)
    if poller.accounts:
        runtime.when_due(poller.store, poller.when_due)
    return Intake(
        tickets=tickets,
        customers=customers,
        directory=directory,
        imports=ImportHandlers(directory),
        conversation=conversation,
        attachments=attachments,
        links=links,
        channels=channels,
        mails=mails,
        poller=poller,
        calls=calls,
        search=search,
        saved_views=saved_views,
        macros=macros,
        merging=merging,
        relations=relations,
        splitting=splitting,
        timeline=timeline,
        portal=portal,
    )

"""What the intake service is made of, on one screen."""

from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI

from services.intake.attachments.guard import Guard
from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.attachments.log_files import LogFiles
from services.intake.attachments.store import Scans, Uploads
from services.intake.attachments.thumbnails import Thumbnails
from services.intake.call_back_causes.handlers import CallBackCauseHandlers
from services.intake.call_back_causes.store import CallBackCauses
from services.intake.calls.handlers import CallHandlers
from services.intake.calls.store import Calls
from services.intake.channels.accounts import accounts
from services.intake.channels.fetching import ChannelFileHandlers
from services.intake.channels.handlers import ChannelHandlers
from services.intake.channels.store import ChannelFiles, ChannelThreads
from services.intake.channels.stream import StreamConnections
from services.intake.conversation.handlers import ConversationHandlers
from services.intake.customers.handlers import CustomerHandlers
from services.intake.customers.store import Customers, KnownErrors
from services.intake.deflection.handlers import DeflectionHandlers
from services.intake.directory.handlers import DirectoryHandlers
from services.intake.directory.imports import ImportHandlers
from services.intake.directory.store import Directory
from services.intake.drafts.handlers import DraftHandlers
from services.intake.erasure.handlers import ErasureHandlers
from services.intake.erasure.store import Erasures
from services.intake.forms.handlers import FormHandlers
from services.intake.forms.store import TicketForms
from services.intake.incidents.handlers import IncidentHandlers
from services.intake.links.handlers import LinkHandlers
from services.intake.links.words import WORDS as LINK_WORDS
from services.intake.macros.handlers import MacroHandlers, macros_in
from services.intake.macros.store import Macros
from services.intake.mails.handlers import MailHandlers
from services.intake.mails.imap import ImapPoller
from services.intake.mails.settings import MailSettings
from services.intake.mails.smtp import Inbox, MailListener
from services.intake.mails.store import InboundMails, PolledMailboxes
from services.intake.merging.handlers import MergeHandlers
from services.intake.pages.layout import Pages
from services.intake.pages.settings import BrandSettings
from services.intake.permissions import PERMISSIONS
from services.intake.portal.handlers import PortalHandlers
from services.intake.portal.words import WORDS as PORTAL_WORDS
from services.intake.products.handlers import ProductHandlers
from services.intake.products.store import ProductStore
from services.intake.quarantine.handlers import QuarantineHandlers
from services.intake.quarantine.settings import ScannerSettings
from services.intake.relations.handlers import RelationHandlers
from services.intake.relations.store import Relations
from services.intake.routes import ROUTERS
from services.intake.saved_views.handlers import SavedViewHandlers, views_in
from services.intake.saved_views.store import SavedViews
from services.intake.settings import IntakeSettings
from services.intake.splitting.handlers import SplitHandlers
from services.intake.staff.handlers import StaffHandlers
from services.intake.staff.store import Staff
from services.intake.third_parties.handlers import ThirdPartyHandlers
from services.intake.third_parties.words import WORDS as PARTY_WORDS
from services.intake.tickets.facts import FACTS
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.numbers import TicketNumbers
from services.intake.tickets.search import TicketSearch
from services.intake.tickets.store import Tickets
from services.intake.timeline.domain import KINDS
from services.intake.timeline.handlers import TimelineHandlers
from services.intake.timeline.store import Timeline
from services.intake.transfer.handlers import TransferHandlers
from shared import outbound
from shared.events import (
    ContactErased,
    CustomerMerged,
    TicketMerged,
    TicketOpened,
    TicketRelated,
    TicketSplit,
)
from shared.events.intake_files import FindFiles, ReadLog
from shared.links import Links
from shared.mail_threads import MailThreads
from shared.messengers.settings import ChannelSettings
from shared.mongo import Counter, Files, Rewriting
from shared.sealed import Sealer
from shared.search import Generations
from shared.service import Runtime, serve


@dataclass(frozen=True)
class Intake:
    tickets: TicketHandlers
    customers: CustomerHandlers
    directory: DirectoryHandlers
    imports: ImportHandlers
    products: ProductHandlers
    forms: FormHandlers
    conversation: ConversationHandlers
    drafts: DraftHandlers
    attachments: AttachmentHandlers
    quarantine: QuarantineHandlers
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
    transfer: TransferHandlers
    erasures: ErasureHandlers
    portal: PortalHandlers
    staff: StaffHandlers


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("intake", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Intake:
    settings, waits = runtime.settings, IntakeSettings()
    store, files = runtime.store(Tickets), Files(runtime.database)
    directory = DirectoryHandlers(runtime.store(Directory), runtime.now)
    customers = CustomerHandlers(runtime.store(Customers), runtime.store(KnownErrors), directory, runtime.now)
    numbers = TicketNumbers(Counter(runtime.database), runtime.bus)
    products = ProductHandlers(runtime.store(ProductStore), waits.zone, runtime.now)
    forms = FormHandlers(runtime.store(TicketForms), products, runtime.now)
    causes = CallBackCauseHandlers(runtime.store(CallBackCauses), runtime.now)
    tickets = TicketHandlers(store, customers, numbers, forms, causes, waits, runtime.now)
    scans, scanner = runtime.store(Scans), ScannerSettings().scanner
    guard = Guard(scans, scanner is not None, runtime.now)
    attachments = AttachmentHandlers(store, runtime.store(Uploads), files, Thumbnails(files), guard, runtime.now)
    log_files, timeline = LogFiles(attachments), TimelineHandlers(runtime.store(Timeline))
    secret, mail = settings.secret_for_links(), MailSettings()
    conversation, merging = ConversationHandlers(tickets), MergeHandlers(tickets)
    relations, splitting = RelationHandlers(tickets, runtime.store(Relations)), SplitHandlers(tickets)
    quarantine = QuarantineHandlers(guard, files, scanner, conversation, runtime.now)
    pages = Pages(BrandSettings().brand, {**LINK_WORDS, **PORTAL_WORDS, **PARTY_WORDS})
    parties, signed = ThirdPartyHandlers(store, attachments, pages, runtime.now), Links(secret, settings.public_url)
    links = LinkHandlers(conversation, attachments, parties, signed, pages, waits, runtime.now)
    threads, messengers = runtime.store(ChannelThreads), ChannelSettings()
    http = outbound.client(messengers.outbound_allowed)
    known = accounts(messengers.channels, http)
    calls = CallHandlers(runtime.store(Calls), directory, runtime.now)
    theirs = runtime.store(ChannelFiles)
    channels = ChannelHandlers(known, threads, theirs, conversation, calls, Sealer(secret), runtime.now)
    fetching = ChannelFileHandlers(known, theirs, conversation, attachments, runtime.now)
    streams = StreamConnections([(one.stream, partial(channels.take, one)) for one in known.values() if one.stream])
    inbound = runtime.store(InboundMails)
    mails = MailHandlers(inbound, files, conversation, attachments, MailThreads(secret), mail, runtime.now)
    listener = MailListener(Inbox(mails, mail), mail)
    poller = ImapPoller(mail.accounts, mails, runtime.store(PolledMailboxes), runtime.now)
    database, index = runtime.database, Generations(runtime.database, "ticket")
    search = TicketSearch(store, index, waits, runtime.now, f"{database.name}-ticket")
    saved_views = SavedViewHandlers(views_in(runtime.store(SavedViews)), tickets, search, runtime.now)
    macros = MacroHandlers(macros_in(runtime.store(Macros)), conversation, runtime.now)
    if not runtime.silent:
        runtime.at_start(search.follower.start)
        runtime.at_stop(search.follower.stop)
        runtime.at_start(streams.start)
    runtime.when_due(products.store, products.announce_due)
    for start in (files.ensure_indexes, listener.start, poller.start):
        runtime.at_start(start)
    for job in (streams.stop, http.aclose, listener.stop):
        runtime.at_stop(job)
    deflection = DeflectionHandlers.wired(runtime, tickets)
    portal = PortalHandlers.wired(runtime, deflection, conversation, attachments, pages, secret)
    transfer = TransferHandlers.wired(runtime, tickets, timeline, relations, attachments)
    erasures = ErasureHandlers(
        runtime.store(Erasures), directory, files, Rewriting(database), index, secret, runtime.now
    )
    runtime.bus.answers("intake.read_log", ReadLog, log_files.read)
    runtime.bus.answers("intake.find_files", FindFiles, log_files.find)
    runtime.on_batch(KINDS, timeline.record)
    runtime.on(TicketOpened, tickets.record_opening)
    runtime.on(CustomerMerged, customers.record_merge)
    runtime.on(TicketMerged, merging.hear)
    runtime.on(TicketRelated, relations.hear)
    runtime.on(TicketSplit, splitting.hear)
    for kind in FACTS:
        runtime.on(kind, tickets.hear)
    if runtime.silent:
        runtime.on(ContactErased, erasures.hear)
    else:
        IncidentHandlers(tickets).listen(runtime)
    runtime.when_due(store, tickets.when_due)
    runtime.when_due(attachments.uploads, attachments.clean_up)
    runtime.when_due(scans, quarantine.when_due)
    runtime.when_due(directory.store, customers.follow)
    runtime.when_due(threads, channels.deliver)
    runtime.when_due(theirs, fetching.when_due)
    runtime.when_due(inbound, mails.when_due)
    runtime.when_due(erasures.store, erasures.when_due)
    if poller.accounts:
        runtime.when_due(poller.store, poller.when_due)
    return Intake(
        tickets=tickets,
        customers=customers,
        directory=directory,
        imports=ImportHandlers(directory),
        products=products,
        forms=forms,
        conversation=conversation,
        drafts=DraftHandlers.wired(runtime, conversation),
        attachments=attachments,
        quarantine=quarantine,
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
        transfer=transfer,
        erasures=erasures,
        portal=portal,
        staff=StaffHandlers(runtime.store(Staff)),
    )

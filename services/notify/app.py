"""What the notify service is made of, on one screen."""

from dataclasses import dataclass

from fastapi import FastAPI

from services.notify.api_keys import api as api_keys_api
from services.notify.api_keys import api_tokens
from services.notify.api_keys.handlers import ApiKeyHandlers
from services.notify.api_keys.signing import Signer
from services.notify.api_keys.store import ApiKeys
from services.notify.audiences.facts import FACTS
from services.notify.audiences.handlers import AudienceHandlers
from services.notify.audiences.store import Audiences
from services.notify.channels.email import EmailSender
from services.notify.channels.messenger_accounts import messenger_accounts
from services.notify.channels.messengers import MessengerSender
from services.notify.channels.robot_settings import robot_settings
from services.notify.channels.robots import robot_accounts
from services.notify.contact_tasks import api as contact_tasks_api
from services.notify.contact_tasks.handlers import ContactTaskHandlers
from services.notify.contact_tasks.store import ContactTasks
from services.notify.dead_letters import api as dead_letters_api
from services.notify.deliveries import api as deliveries_api
from services.notify.deliveries.bounces import Bounces
from services.notify.deliveries.digests import Digests
from services.notify.deliveries.dispatcher import Dispatcher
from services.notify.deliveries.escalations import EscalationHandlers
from services.notify.deliveries.handlers import DeliveryHandlers
from services.notify.deliveries.planner import Planner
from services.notify.deliveries.robots import Robots
from services.notify.deliveries.rules import RULES
from services.notify.deliveries.samples import samples_of
from services.notify.deliveries.settings import NotificationSettings
from services.notify.deliveries.store import Deliveries, Escalations, Installations
from services.notify.deliveries.unreached import Unreached
from services.notify.permissions import PERMISSIONS
from services.notify.preferences import api as preferences_api
from services.notify.preferences.handlers import PreferenceHandlers
from services.notify.preferences.store import Preferences
from services.notify.reference import api as reference_api
from services.notify.stream import api as stream_api
from services.notify.stream.access import StreamAccess
from services.notify.stream.feed import Feed
from services.notify.stream.handlers import StreamTicketHandlers
from services.notify.stream.settings import StreamSettings
from services.notify.stream.store import StreamTickets
from services.notify.suspended_addresses import api as suspended_addresses_api
from services.notify.suspended_addresses.handlers import SuspendedAddressHandlers
from services.notify.suspended_addresses.store import SuspendedAddresses
from services.notify.templates import api as templates_api
from services.notify.templates.handlers import TemplateHandlers
from services.notify.templates.renderer import Renderer
from services.notify.templates.store import WrittenTemplates
from services.notify.webhooks import api as webhooks_api
from services.notify.webhooks.batches import Batches
from services.notify.webhooks.dispatcher import WebhookDispatcher
from services.notify.webhooks.handlers import WebhookHandlers
from services.notify.webhooks.sender import WebhookSender
from services.notify.webhooks.settings import WebhookSettings
from services.notify.webhooks.store import Courses, Sendings, Webhooks
from shared import outbound
from shared.events import (
    ContactErased,
    MailBounced,
    NotifyContactTaskDone,
    NotifyDelivered,
    NotifyFailed,
    TicketMailBounced,
)
from shared.events.presence import PRESENCE_CHANGED, PresenceChanged
from shared.links import Links
from shared.mail_threads import MailThreads
from shared.messengers.settings import ChannelSettings
from shared.sealed import Sealer
from shared.service import Runtime, serve

ROUTERS = [
    part.router
    for part in (
        deliveries_api,
        contact_tasks_api,
        suspended_addresses_api,
        preferences_api,
        templates_api,
        dead_letters_api,
        stream_api,
        reference_api,
        webhooks_api,
        api_keys_api,
        api_tokens,
    )
]


@dataclass(frozen=True)
class Notify:
    audiences: AudienceHandlers
    deliveries: DeliveryHandlers
    preferences: PreferenceHandlers
    templates: TemplateHandlers
    contact_tasks: ContactTaskHandlers
    suspended_addresses: SuspendedAddressHandlers
    feed: Feed
    stream_tickets: StreamTicketHandlers
    webhooks: WebhookHandlers
    api_keys: ApiKeyHandlers


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("notify", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Notify:
    settings, audience_store, delivery_store = runtime.settings, runtime.store(Audiences), runtime.store(Deliveries)
    address_store, task_store = runtime.store(SuspendedAddresses), runtime.store(ContactTasks)
    secret, url = settings.secret_for_links(), settings.public_url
    notifying, escalation_store = NotificationSettings(), runtime.store(Escalations)
    for kept in (address_store, task_store, delivery_store, escalation_store):
        kept.kept_for = notifying.kept_for
    email = EmailSender(settings.smtp_url.get_secret_value(), url, MailThreads(secret)) if settings.smtp_url else None
    channels = ChannelSettings()
    http = outbound.client(channels.outbound_allowed)
    runtime.at_stop(http.aclose)
    robots = robot_settings()
    known = messenger_accounts(channels.channels, http, Sealer(secret), runtime.now)
    known |= robot_accounts(robots, http, runtime.now)
    messengers, links = MessengerSender(known), Links(secret, url)
    audiences = AudienceHandlers(audience_store)
    renderer = Renderer()
    addresses = SuspendedAddressHandlers(address_store, runtime.now)
    planner = Planner(renderer, links, email is not None, messengers.reaches, addresses.is_suspended)
    dispatcher = Dispatcher(delivery_store, email, messengers, runtime.now)
    installations = runtime.store(Installations)
    preferences = PreferenceHandlers(runtime.store(Preferences), {kind.kind for kind in RULES}, runtime.now)
    templates = TemplateHandlers(
        runtime.store(WrittenTemplates), renderer, samples_of, lambda *test: deliveries.send_test(*test), runtime.now
    )
    contact_tasks = ContactTaskHandlers(task_store, runtime.now)
    unreached = Unreached(delivery_store, audiences, contact_tasks)
    escalations = EscalationHandlers(
        escalation_store, delivery_store, audiences, notifying.escalated_every, runtime.now
    )
    digests = Digests(delivery_store, runtime.now)
    deliveries = DeliveryHandlers(
        delivery_store,
        installations,
        audiences,
        preferences,
        templates,
        digests,
        unreached,
        addresses,
        planner,
        dispatcher,
        Robots(robots),
        escalations,
        runtime.now,
        runtime.silent,
    )
    signer = Signer(Sealer(secret), settings.api_keys_issuer, settings.audience)
    api_keys = ApiKeyHandlers(runtime.store(ApiKeys), signer, runtime.now)
    access = StreamAccess(audience_store.owner)
    streams = StreamSettings()
    feed = Feed(runtime.bus, access, streams)
    stream_tickets = StreamTicketHandlers(runtime.store(StreamTickets), secret, streams.ticket_lives, runtime.now)
    webhooks, telling = _webhooks(runtime, access, channels)
    notify = Notify(
        audiences,
        deliveries,
        preferences,
        templates,
        contact_tasks,
        addresses,
        feed,
        stream_tickets,
        webhooks,
        api_keys,
    )
    for kind in {**FACTS, **RULES}:
        runtime.on(kind, deliveries.hear)
    runtime.on(ContactErased, deliveries.forget)
    bounces = Bounces(delivery_store, addresses, runtime.silent)
    runtime.on(TicketMailBounced, bounces.hear)
    runtime.on(MailBounced, bounces.hear)
    if runtime.silent:
        runtime.on(NotifyDelivered, deliveries.restore_outcome)
        runtime.on(NotifyFailed, deliveries.restore_outcome)
        runtime.on(NotifyContactTaskDone, deliveries.restore_contact_task)
        return notify
    runtime.on(NotifyFailed, unreached.hear_failure)
    runtime.on(NotifyContactTaskDone, deliveries.hear_contact_task_done)
    runtime.bus.notices.on(PRESENCE_CHANGED, PresenceChanged, feed.send_presence)
    runtime.at_start(dispatcher.start)
    runtime.at_start(feed.start)
    runtime.at_stop(feed.stop)
    runtime.at_stop(dispatcher.stop)
    runtime.at_stop(telling.stop)
    runtime.when_due(delivery_store, dispatcher.send_due)
    runtime.when_due(escalation_store, escalations.when_due)
    runtime.when_due(telling.courses, telling.deliver_due)
    return notify


def _webhooks(
    runtime: Runtime, access: StreamAccess, channels: ChannelSettings
) -> tuple[WebhookHandlers, WebhookDispatcher]:
    """Their requests are bounded by receiver, so that none keeps the others waiting."""
    store, courses, log = runtime.store(Webhooks), runtime.store(Courses), runtime.store(Sendings)
    http, settings = outbound.client(channels.outbound_allowed, connections=None), WebhookSettings()
    log.kept_for = settings.log_for
    runtime.at_stop(http.aclose)
    sealer, url = Sealer(runtime.settings.secret_for_links()), runtime.settings.public_url
    sender = WebhookSender(log, http, sealer, url, runtime.now)
    batches = Batches(sender, access, runtime.bus)
    telling = WebhookDispatcher(store, courses, batches, runtime.bus, settings, runtime.now)
    return WebhookHandlers(store, courses, sender, runtime.bus, runtime.now), telling

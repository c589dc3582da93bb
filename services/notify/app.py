"""What the notify service is made of, on one screen."""

from fastapi import FastAPI

from services.notify.api import router
from services.notify.audiences.store import Contacts
from services.notify.channels.email import Mailer
from services.notify.deliveries.queue import Post
from services.notify.deliveries.store import Births, Deliveries
from services.notify.handlers import Notify
from services.notify.permissions import PERMISSIONS
from services.notify.stream.feed import Feed
from services.notify.stream.settings import StreamSettings
from services.notify.templates.renderer import Templates
from shared.events import (
    KbArticleDrafted,
    NotifyDelivered,
    NotifyFailed,
    SlaBreached,
    SlaCallBackDue,
    SlaConsultationDue,
    SlaWarned,
    TicketCompleted,
    TicketLinkRequested,
    TicketMessagePosted,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketQuestionsAsked,
    TicketReopened,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TriageAssigned,
    TriageReleased,
    TriageSolutionVerified,
)
from shared.links import Links
from shared.service import Runtime, serve


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("notify", wire, router, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Notify:
    settings, contacts = runtime.settings, runtime.store(Contacts)
    mailer = Mailer(settings.smtp_url.get_secret_value(), settings.public_url) if settings.smtp_url else None
    notify = Notify(
        births=runtime.store(Births),
        contacts=contacts,
        deliveries=runtime.store(Deliveries),
        templates=Templates(),
        links=Links(settings.secret_for_links(), settings.public_url),
        mailer=mailer,
        post=Post(),
        feed=Feed(runtime.bus, contacts.owner, StreamSettings()),
        now=runtime.now,
        silent=runtime.silent,
    )
    runtime.on(TicketOpened, notify.meet)
    runtime.on(TriageAssigned, notify.assign)
    runtime.on(TriageReleased, notify.release)
    runtime.on(TriageSolutionVerified, notify.solve)
    runtime.on(TicketQuestionsAsked, notify.tell)
    runtime.on(TicketQuestionsAnswered, notify.tell)
    runtime.on(TicketMessagePosted, notify.tell)
    runtime.on(TicketLinkRequested, notify.tell)
    runtime.on(TicketSolutionAccepted, notify.tell)
    runtime.on(TicketSolutionRejected, notify.tell)
    runtime.on(TicketCompleted, notify.tell)
    runtime.on(TicketReopened, notify.tell)
    runtime.on(SlaWarned, notify.tell)
    runtime.on(SlaBreached, notify.tell)
    runtime.on(SlaCallBackDue, notify.tell)
    runtime.on(SlaConsultationDue, notify.tell)
    runtime.on(KbArticleDrafted, notify.tell_editors)
    if runtime.silent:
        runtime.on(NotifyDelivered, notify.was_sent)
        runtime.on(NotifyFailed, notify.was_sent)
        return notify
    runtime.at_start(notify.begin)
    runtime.at_stop(notify.end)
    if mailer:
        runtime.when_due(notify.deliveries, notify.send_again)
    return notify

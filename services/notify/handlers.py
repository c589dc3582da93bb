"""Everything that notify can do."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from opentelemetry.trace import SpanKind

from services.notify.domain import AlreadyTaken, Contact, Delivery, inboxes
from services.notify.mail import Delayed, Mailer, Refused
from services.notify.post import Post
from services.notify.rules import RULES, Rule, Who, doers
from services.notify.store import Contacts, Deliveries
from services.notify.stream import Feed, end_with_the_server
from services.notify.templates import LANGUAGES, Templates
from shared.domain import Origin
from shared.events import Event, KbArticleDrafted, TicketOpened, TriageAssigned, TriageReleased, TriageSolutionVerified
from shared.http import Caller
from shared.links import Link, Links
from shared.telemetry import TICKET, span

LINK_VALID_FOR = timedelta(days=7)
# Older news helps nobody: a service that is set up anew reads the whole stream, and must not mail all of it.
NEWS_FOR = timedelta(days=7)
SELF = Origin.service("notify")


@dataclass(frozen=True)
class Notify:
    contacts: Contacts
    deliveries: Deliveries
    templates: Templates
    links: Links
    mailer: Mailer | None
    post: Post
    feed: Feed
    now: Callable[[], datetime]

    # ---- life

    async def begin(self) -> None:
        self.post.start(self.send)
        end_with_the_server(self.feed)

    async def end(self) -> None:
        await self.feed.close()
        await self.post.stop()
        if self.mailer:
            await self.mailer.close()

    # ---- what is heard

    async def meet(self, event: TicketOpened) -> None:
        contact = Contact.of(event)
        await asyncio.gather(self.contacts.add(contact, [], event), self._tell(event, contact))

    async def assign(self, event: TriageAssigned) -> None:
        contact = await self.contacts.change(event.subject, lambda c: c.assign(event), event)
        if contact.assignee and contact.assignee.sub == event.engineer:
            await self._tell(event, contact)

    async def release(self, event: TriageReleased) -> None:
        await self.contacts.change(event.subject, lambda c: c.release(event), event)

    async def solve(self, event: TriageSolutionVerified) -> None:
        await self._tell(event, await self.contacts.change(event.subject, lambda c: c.solve(event), event))

    async def tell(self, event: Event) -> None:
        """News about a ticket."""
        if not any(rule.when(event) for rule in RULES[type(event)]):
            return
        await self._tell(event, await self.contacts.get(event.subject))

    async def tell_editors(self, event: KbArticleDrafted) -> None:
        await self._tell(event, None)

    # ---- telling

    async def _tell(self, event: Event, contact: Contact | None) -> None:
        """Write down who is to be told what, and begin to send it; the sending is not waited for."""
        now = self.now()
        if now - event.time > NEWS_FOR:
            return
        for rule in RULES[type(event)]:
            delivery = self._delivery(rule, event, contact, now) if rule.when(event) else None
            if not delivery:
                continue
            ours = delivery.due_at is not None and self.post.has_room
            if ours:
                delivery.hold(now)
            added = await self.deliveries.add(delivery, [], event)
            if ours and added is delivery:
                await self.post.put(delivery)

    def _delivery(self, rule: Rule, event: Event, contact: Contact | None, now: datetime) -> Delivery | None:
        if rule.to in (Who.LEADS, Who.EDITORS):
            words = {
                language: self.templates.words(rule.template, language, _no_link, **_facts(event, contact))
                for language in LANGUAGES
            }
            return Delivery.to_role(event, rule.template, rule.to, words, now)
        assert contact
        person = contact.customer if rule.to is Who.CUSTOMER else contact.assignee
        if not person or (not rule.to_doer and person.sub in doers(event)):
            return None
        by_mail = bool(self.mailer and person.address)
        if not (person.sub or by_mail):
            return None

        def link(action: str) -> str:
            allowed = Link(event.subject, action, person.id, person.name, person.language, event.id)
            return self.links.url(allowed, now, LINK_VALID_FOR)

        said = self.templates.words(rule.template, person.language, link, **_facts(event, contact))
        return Delivery.to_person(event, rule.template, person, said, by_mail, now)

    # ---- sending

    async def send(self, delivery: Delivery) -> None:
        """Mail it and write down what came of it.

        A crash between the two sends it twice, with the same Message-ID: better than not at all.
        """
        assert self.mailer
        if not delivery.is_held(self.now()):
            return
        with span("send mail", SpanKind.CLIENT, delivery.traceparent, **{TICKET: delivery.ticket}):
            try:
                provider_id = await self.mailer.send(delivery)
            except (Refused, Delayed) as error:
                reason, for_good = str(error)[:500], isinstance(error, Refused)
                await self.deliveries.change(delivery.id, lambda d: d.not_sent(reason, for_good, self.now()), SELF)
            else:
                await self.deliveries.change(delivery.id, lambda d: d.sent(provider_id, self.now()), SELF)

    async def send_again(self, ids: Sequence[str]) -> None:
        """Their time has come: take each, unless somebody else did, and send it."""
        for id in ids:
            try:
                delivery = await self.deliveries.change(id, lambda d: d.take(self.now()), SELF)
            except AlreadyTaken:
                continue
            await self.post.put(delivery)

    # ---- what people ask for

    async def inbox(
        self, caller: Caller, mine: bool, ticket: str | None, before: str | None, limit: int
    ) -> list[Delivery]:
        recipients = inboxes(caller.sub, caller.principal.roles) if mine else []
        return await self.deliveries.newest(recipients, ticket, before, limit, self.now())

    async def read(self, id: str, caller: Caller) -> Delivery:
        roles = caller.principal.roles
        return await self.deliveries.change(id, lambda d: d.read(caller.sub, roles, self.now()), caller.origin)


def _facts(event: Event, contact: Contact | None) -> dict[str, object]:
    about_ticket = {"ticket": contact.id, "contact": contact} if contact else {}
    return {"event": event, **about_ticket}


def _no_link(action: str) -> str:
    raise RuntimeError(f"a role has no link for {action}: links are for one person")

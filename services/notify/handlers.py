"""Everything that notify can do."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from opentelemetry.trace import SpanKind

from services.notify.audiences.domain import Contact
from services.notify.audiences.store import Contacts
from services.notify.channels.email import Delayed, Mailer, Refused
from services.notify.deliveries.domain import LEASE, AlreadyTaken, Delivery, NotYours, inboxes
from services.notify.deliveries.queue import Post
from services.notify.deliveries.rules import RULES, Rule, Who, doers
from services.notify.deliveries.store import Births, Deliveries
from services.notify.stream.feed import Feed, end_with_the_server
from services.notify.templates.renderer import LANGUAGES, Templates
from shared.domain import NotFound, Origin
from shared.events import (
    Event,
    KbArticleDrafted,
    NotifyDelivered,
    NotifyFailed,
    TicketOpened,
    TriageAssigned,
    TriageReleased,
    TriageSolutionVerified,
)
from shared.http import Caller
from shared.links import Link, Links
from shared.mongo import is_transient
from shared.telemetry import REUSED, TICKET, span

logger = logging.getLogger(__name__)
LINK_VALID_FOR = timedelta(days=7)
# Older news helps nobody.
NEWS_FOR = timedelta(days=7)
# A service that is set up anew, or has lost its database, reads the whole stream and must not mail all of it again.
BEFORE_BIRTH = timedelta(minutes=10)
AGAIN_AFTER = 0.3  # seconds, to write down what came of a mail while the database is away
SELF = Origin.service("notify")


@dataclass(frozen=True)
class Notify:
    births: Births
    contacts: Contacts
    deliveries: Deliveries
    templates: Templates
    links: Links
    mailer: Mailer | None
    post: Post
    feed: Feed
    now: Callable[[], datetime]
    silent: bool = False  # what was told is written down again, and told to nobody

    # ---- life

    async def begin(self) -> None:
        self.post.start(self.send, self._renew)
        end_with_the_server(self.feed)

    async def end(self) -> None:
        await self.feed.close()
        if left := await self.post.stop():
            await self.deliveries.renew(left, self.now(), self.now())
        if self.mailer:
            await self.mailer.close()

    # ---- what is heard

    async def meet(self, event: TicketOpened) -> None:
        contact = Contact.of(event)
        there = await self.contacts.add(contact, [], event)
        if there.opened not in ("", event.id):
            REUSED.labels("notify").inc()
            logger.error("%s was opened a second time, by %s: nobody is told of it", event.subject, event.id)
            there = await self.contacts.change(event.subject, lambda c: c.dispute(), event)
        await self._tell(event, there)

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
        now = event.time if self.silent else self.now()
        if (contact and contact.disputed) or not (self.silent or await self._is_news(event, now)):
            return
        for rule in RULES[type(event)]:
            delivery = self._delivery(rule, event, contact, now) if rule.when(event) else None
            if not delivery:
                continue
            if self.silent:
                delivery.was_told()
            ours = delivery.due_at is not None and self.post.has_room
            if ours:
                delivery.hold(now)
            added = await self.deliveries.add(delivery, [], event)
            if ours and added is delivery:
                await self.post.put(delivery)

    async def _is_news(self, event: Event, now: datetime) -> bool:
        return event.time > max(now - NEWS_FOR, await self.births.first(now) - BEFORE_BIRTH)

    def _delivery(self, rule: Rule, event: Event, contact: Contact | None, now: datetime) -> Delivery | None:
        if rule.to in (Who.LEADS, Who.EDITORS):
            words = {
                language: self.templates.words(rule.template, language, _no_link, **_facts(event, contact))
                for language in LANGUAGES
            }
            return Delivery.to_role(event, rule.template, rule.to, words, now)
        assert contact
        person = contact.customer if rule.to is Who.CUSTOMER else contact.assignee_of(event)
        if not person or (not rule.to_doer and person.sub in doers(event)):
            return None
        by_mail = bool(self.mailer and person.address)
        if not (person.sub or by_mail):
            return None

        def link(action: str) -> str:
            round = getattr(event, "round", 0)
            allowed = Link(event.subject, action, person.id, person.name, person.language, event.id, round)
            return self.links.url(allowed, now, LINK_VALID_FOR)

        said = self.templates.words(rule.template, person.language, link, **_facts(event, contact))
        return Delivery.to_person(event, rule.template, person, said, by_mail, now)

    async def was_sent(self, event: NotifyDelivered | NotifyFailed) -> None:
        """Of notify's own, while what it told is written down again."""
        await self.deliveries.change(event.delivery, lambda d: d.came_of_it(event), SELF)

    # ---- sending

    async def send(self, delivery: Delivery) -> None:
        """Mail it and write down what came of it.

        A crash between the two sends it twice, with the same Message-ID: better than not at all.
        """
        assert self.mailer
        if not self.post.is_held(delivery, self.now()):
            return
        with span("send mail", SpanKind.CLIENT, delivery.traceparent, **{TICKET: delivery.ticket}):
            try:
                provider_id = await self.mailer.send(delivery)
            except (Refused, Delayed) as error:
                reason, for_good = str(error)[:500], isinstance(error, Refused)
                await self._write_down(delivery.id, lambda d: d.not_sent(reason, for_good, self.now()))
            else:
                await self._write_down(delivery.id, lambda d: d.sent(provider_id, self.now()))

    async def _write_down(self, id: str, outcome: Callable[[Delivery], list[Event]]) -> None:
        """However long it takes: what was mailed and is not on record is mailed once more."""
        while True:
            try:
                await self.deliveries.change(id, outcome, SELF)
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                await asyncio.sleep(AGAIN_AFTER)

    async def _renew(self, ids: Sequence[str]) -> datetime:
        now = self.now()
        await self.deliveries.renew(ids, now, now + LEASE)
        return now + LEASE

    async def send_again(self, ids: Sequence[str]) -> None:
        """Their time has come: take each, unless somebody else did, and send it."""
        for id in ids:
            if self.post.has(id):
                continue
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
        """Raises NotFound, NotYours."""
        return await self.deliveries.change(
            id, lambda d: d.read(caller.sub, self.now()), caller.origin, lambda d: must_be_for(d, caller)
        )


def must_be_for(delivery: Delivery, caller: Caller) -> None:
    """Raises NotFound: what was told to others looks as if it were not there; NotYours to staff, who see it."""
    if not delivery.is_for(caller.sub, caller.principal.roles):
        if caller.sees_all("delivery:read"):
            raise NotYours("only whom it was told to can mark it as read", "只有收件人可以标记为已读")
        raise NotFound(f"Delivery {delivery.id} does not exist", f"{delivery.id} 不存在")


def _facts(event: Event, contact: Contact | None) -> dict[str, object]:
    about_ticket = {"ticket": contact.id, "contact": contact} if contact else {}
    return {"event": event, **about_ticket}


def _no_link(action: str) -> str:
    raise RuntimeError(f"a role has no link for {action}: links are for one person")

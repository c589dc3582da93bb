"""Notifying people of events, and their inboxes."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from services.notify.audiences.domain import Audience, Person
from services.notify.audiences.facts import FACTS
from services.notify.audiences.handlers import AudienceHandlers
from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.digests import Digests
from services.notify.deliveries.dispatcher import SELF, Dispatcher
from services.notify.deliveries.domain import Delivery, DeliveryState, NotTheRecipient
from services.notify.deliveries.escalations import EscalationHandlers
from services.notify.deliveries.planner import DEFAULTS, Planner, subjects_of
from services.notify.deliveries.rebuilding import restore_outcome, suppress
from services.notify.deliveries.resending import MOST_AT_ONCE, send_again
from services.notify.deliveries.robots import Robots
from services.notify.deliveries.rules import ABOUT_NO_TICKET, rules_for
from services.notify.deliveries.store import Deliveries, Installations
from services.notify.deliveries.unreached import Unreached
from services.notify.preferences.domain import PreferenceDetails
from services.notify.preferences.handlers import PreferenceHandlers
from services.notify.suspended_addresses.handlers import SuspendedAddressHandlers
from services.notify.templates.domain import Content
from services.notify.templates.handlers import TemplateHandlers
from services.notify.templates.renderer import LANGUAGES
from shared.domain import Invalid, NotFound, Origin, Refusal
from shared.events import ContactErased, Event, NotifyContactTaskDone, NotifyDelivered, NotifyFailed
from shared.http import Caller
from shared.terms import Role

TEMPLATE_FAILED = "template_failed"
# Nobody is notified of what is older.
MAX_AGE = timedelta(days=7)
# A service that is installed anew, or has lost its database, reads the whole stream and must not mail all of it again.
BEFORE_INSTALLATION = timedelta(minutes=10)


@dataclass(frozen=True)
class DeliveryHandlers:
    """`silent`: what was sent is only recorded again, while a lost database is rebuilt."""

    store: Deliveries
    installations: Installations
    audiences: AudienceHandlers
    preferences: PreferenceHandlers
    templates: TemplateHandlers
    digests: Digests
    unreached: Unreached
    addresses: SuspendedAddressHandlers
    planner: Planner
    dispatcher: Dispatcher
    robots: Robots
    escalations: EscalationHandlers
    now: Callable[[], datetime]
    silent: bool = False

    async def hear(self, event: Event) -> None:
        """Keep what the event says about the audience of its ticket, and notify whom it concerns."""
        if not rules_for(event) and type(event) not in FACTS:
            return
        audience = None if isinstance(event, ABOUT_NO_TICKET) else await self.audiences.audience_of(event)
        now = event.time if self.silent else self.now()
        if (audience and not audience.is_notified_of(event)) or not (self.silent or await self._is_recent(event, now)):
            return
        await self.templates.refresh()
        await self.addresses.refresh()
        wanted = await self.preferences.of(subjects_of(event, audience))
        planned = self.planner.plan(event, audience, now, wanted)
        submitted = (self._submit(one, event, audience, now, wanted) for one in planned)
        for failure in await asyncio.gather(*submitted, return_exceptions=True):  # none is left half done
            if failure:
                raise failure
        await self._notify_of_failures(event, now)

    async def _submit(
        self,
        delivery: Delivery,
        event: Event,
        audience: Audience | None,
        now: datetime,
        wanted: Mapping[str, PreferenceDetails],
    ) -> None:
        """Those of one event are stored together."""
        if self.silent:
            suppress(delivery)
        else:
            self.robots.hold(delivery, now)
        stored = await self.dispatcher.submit(delivery, event)
        await self.unreached.put(stored, audience, now)
        if stored.to_acknowledge and not self.silent:
            await self.escalations.start(stored)
        if stored.held_until:
            zone = wanted.get(stored.recipient, DEFAULTS).zone
            for held in self.robots.copies(stored) or [stored]:
                await self.digests.put(held, zone)

    async def forget(self, event: ContactErased) -> None:
        """What was sent about these tickets, and to whom on the customer's side. The deliveries first, so that whoever
        it was is still known when this comes again."""
        for ticket in event.tickets:
            audience = await self.audiences.store.find(ticket)
            people = audience.outsiders if audience else []
            for delivery in await self.store.where({"ticket": ticket}):
                if delivery.held_until:
                    zone = (await self.preferences.get(delivery.recipient)).details.zone
                    for held in self.robots.copies(delivery) or [delivery]:
                        await self.digests.forget(held, people, zone)
                await self.store.change(delivery.id, partial(Delivery.forget, people=people), event)
            await self.audiences.forget(ticket, event)
        await self.unreached.forget(event)
        await self.escalations.forget(event)
        await self.addresses.forget(event.tickets)

    async def hear_contact_task_done(self, event: NotifyContactTaskDone) -> None:
        await self.unreached.hear_done(event)
        await self.hear(event)

    async def restore_outcome(self, event: NotifyDelivered | NotifyFailed) -> None:
        await self.store.change(event.delivery, partial(restore_outcome, event=event), SELF)
        if isinstance(event, NotifyFailed):
            await self.unreached.hear_failure(event)

    async def restore_contact_task(self, event: NotifyContactTaskDone) -> None:
        await self.unreached.tasks.restore_done(event)
        await self.hear_contact_task_done(event)

    async def _notify_of_failures(self, event: Event, now: datetime) -> None:
        """Admins, once for each version of a template: what it was to say was said by the built-in one."""
        failures, self.templates.renderer.failures[:] = [*self.templates.renderer.failures], []
        for failure in failures:
            contents = {one: failure.content(one) for one in LANGUAGES}
            alarm = Delivery.to_role(event, TEMPLATE_FAILED, f"role:{Role.ADMIN}", contents, now, failure.occasion)
            self.robots.hold(alarm, now)
            for held in self.robots.copies(await self.dispatcher.submit(alarm, event)):
                await self.digests.put(held, DEFAULTS.zone)

    # ---- what people ask for

    async def send_test(self, caller: Caller, content: Content, language: str) -> str:
        """What a template says, by mail, to who asks; returns the delivery's id. Raises Invalid."""
        who = caller.principal
        person = Person(name=who.name or who.sub, sub=who.sub, email=who.email, language=language)
        if not (person.address and self.planner.has_email):
            raise Invalid("You have no address of mail, or no mail server is set", "您没有邮箱地址，或未配置邮件服务器")
        delivery = Delivery(
            id=hashlib.sha256(f"{caller.origin.cause}\n{caller.origin.key}".encode()).hexdigest()[:32],
            ticket="",
            event="",
            template="test",
            recipient=person.sub,
            name=person.name,
            address=person.address,
            threaded=False,
            channels=[DeliveryChannel.ONLINE, DeliveryChannel.EMAIL],
            language=language,
            words={language: content},
            state=DeliveryState.QUEUED,
            due_at=self.now(),
            created_at=self.now(),
        )
        await self.dispatcher.submit(delivery, SELF)
        return delivery.id

    async def mark_read(self, id: str, caller: Caller) -> Delivery:
        """Raises NotFound, NotTheRecipient."""
        decide = partial(Delivery.mark_read, sub=caller.sub, now=self.now())
        return await self.store.change(id, decide, caller.origin, partial(check_recipient, caller=caller))

    async def send_again(self, id: str, by: Origin) -> Delivery:
        """Raises NotFound, StillQueued, NothingToSend."""
        return await self.store.change(id, partial(send_again, now=self.now()), by)

    async def found(self, query: Mapping[str, Any]) -> list[str]:
        """Those that match, the oldest first: as many as are sent again at once, and one more."""
        return [row["id"] for row in await self.store.oldest(query, MOST_AT_ONCE + 1)]

    async def send_all_again(self, ids: Sequence[str], by: Origin) -> list[tuple[str, Delivery | Refusal]]:
        """Each is answered for itself."""
        done: list[tuple[str, Delivery | Refusal]] = []
        for id in ids:
            try:
                done.append((id, await self.send_again(id, Origin(by.actor, by.cause))))
            except Refusal as refusal:
                done.append((id, refusal))
        return done

    async def _is_recent(self, event: Event, now: datetime) -> bool:
        return event.time > max(now - MAX_AGE, await self.installations.installed_at(now) - BEFORE_INSTALLATION)


def check_recipient(delivery: Delivery, caller: Caller) -> None:
    """Raises NotTheRecipient to staff, who may read it; NotFound to everybody else: to them what others are notified
    of looks as if it did not exist."""
    if not delivery.is_for(caller.sub, caller.principal.roles):
        if caller.sees_all("notification:read"):
            raise NotTheRecipient("only the recipient can mark it as read", "只有收件人可以将通知标记为已读")
        raise NotFound.of(delivery.id)

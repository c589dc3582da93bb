"""Keeping webhooks, and what administrators ask of them."""

import hashlib
import os
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from services.notify.webhooks.course import Course
from services.notify.webhooks.domain import (
    MOST_WEBHOOKS,
    DisabledBecause,
    Secret,
    TooManyWebhooks,
    Webhook,
    WebhookState,
)
from services.notify.webhooks.endpoint import Answer
from services.notify.webhooks.sender import SELF, WebhookSender
from services.notify.webhooks.sendings import Sending
from services.notify.webhooks.signing import KEY_BYTES, secret_of
from services.notify.webhooks.store import Courses, Webhooks
from shared.bus import Bus
from shared.domain import NotFound, Origin
from shared.service import Now
from shared.store import Decide

SHOWN = [WebhookState.ACTIVE.value, WebhookState.DISABLED.value]


@dataclass(frozen=True)
class WebhookHandlers:
    store: Webhooks
    courses: Courses
    sender: WebhookSender
    bus: Bus
    now: Now

    async def add(self, facts: dict[str, object], by: Origin) -> tuple[Webhook, str]:
        """And its secret, which nobody sees again; empty when the same request has added it before. Raises Invalid,
        TooManyWebhooks, Unavailable."""
        if await self.store.count({"state": {"$in": SHOWN}}) >= MOST_WEBHOOKS:
            raise TooManyWebhooks(f"There can be at most {MOST_WEBHOOKS}", f"最多可以有 {MOST_WEBHOOKS} 个")
        secret, newest = secret_of(os.urandom(KEY_BYTES)), await self.bus.newest()
        webhook = Webhook.model_validate(
            {
                **facts,
                "id": Webhook.prefix + hashlib.sha256((by.key or uuid4().hex).encode()).hexdigest()[:16],
                "secrets": [Secret(sealed=self.sender.sealer.seal(secret))],
                "created_at": self.now(),
                "created_by": by.actor,
            }
        )
        webhook.check_filled()
        added = await self.store.add(webhook, [], by)
        await self.courses.add(Course(id=added.id, position=newest, due_at=self.now()), [], SELF)
        return added, secret if added is webhook else ""

    async def get(self, id: str) -> tuple[Webhook, Course]:
        """Raises NotFound."""
        webhook = await self.store.get(id)
        webhook.check_there()
        return webhook, await self._course_of(webhook)

    async def amend(self, id: str, facts: dict[str, object], by: Origin) -> Webhook:
        """It is tried again at once. Raises NotFound, Invalid, Stale."""
        webhook = await self._change(id, lambda one: one.amend(facts), by)
        if webhook.state is WebhookState.ACTIVE:
            await self._start_anew(webhook)
        return webhook

    async def disable(self, id: str, by: Origin) -> Webhook:
        because = DisabledBecause.SOMEBODY
        return await self._change(id, partial(Webhook.disable, because=because, now=self.now()), by)

    async def enable(self, id: str, by: Origin) -> Webhook:
        """It goes on where it stopped."""
        webhook = await self._change(id, Webhook.enable, by)
        await self._start_anew(webhook)
        return webhook

    async def delete(self, id: str, by: Origin) -> Webhook:
        return await self._change(id, Webhook.delete, by)

    async def rotate(self, id: str, by: Origin) -> tuple[Webhook, str]:
        """And the new secret, which nobody sees again; empty when the same request has made it before."""
        secret = secret_of(os.urandom(KEY_BYTES))
        sealed = self.sender.sealer.seal(secret)
        webhook = await self._change(id, partial(Webhook.rotate, sealed=sealed, now=self.now()), by)
        return webhook, secret if webhook.secrets[0].sealed == sealed else ""

    async def test(self, id: str) -> Answer:
        """Also one that is disabled. Raises NotFound."""
        webhook = await self.store.get(id)
        webhook.check_there()
        return await self.sender.test(webhook, f"msg_test_{uuid4().hex}")

    async def send_again(self, id: str, sending: str, by: Origin) -> Sending:
        """Raises NotFound, NotActive, Conflict."""
        webhook, log = await self.store.get(id), self.sender.log
        webhook.check_active()
        found = await log.get(sending)
        if found.webhook != webhook.id:
            raise NotFound.of(sending)
        await self._course_of(webhook)
        found = await log.change(sending, Sending.send_again, by)
        resend = partial(Course.resend, ticket=found.ticket, sequence=found.sequence, now=self.now())
        await self.courses.change(id, resend, SELF)
        return found

    async def replay(self, id: str, after: int, until: int, by: Origin) -> Course:
        """Raises NotFound, NotActive, Busy."""
        webhook = await self.store.get(id)
        webhook.check_active()
        await self._course_of(webhook)
        return await self.courses.change(id, partial(Course.start_replay, after=after, until=until, now=self.now()), by)

    async def _start_anew(self, webhook: Webhook) -> None:
        await self._course_of(webhook)
        await self.courses.change(webhook.id, partial(Course.start_anew, now=self.now()), SELF)

    async def _course_of(self, webhook: Webhook) -> Course:
        """After a crash between the two writes it is missing."""
        if found := await self.courses.find(webhook.id):
            return found
        new = Course(id=webhook.id, position=await self.bus.newest(), due_at=self.now())
        return await self.courses.add(new, [], SELF)

    async def _change(self, id: str, decide: Decide[Webhook], by: Origin) -> Webhook:
        return await self.store.change(id, decide, by, Webhook.check_there)

"""Who tells which webhook: one process at a time, which reads along in the stream for it."""

import asyncio
import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import uuid4

from services.notify.webhooks.batches import Batches
from services.notify.webhooks.course import Course, LeaseLost
from services.notify.webhooks.domain import DisabledBecause, Webhook, WebhookState
from services.notify.webhooks.sender import SELF
from services.notify.webhooks.settings import WebhookSettings
from services.notify.webhooks.store import Courses, Webhooks
from shared.bus import Bus, OffsetExpired, Pull, pulling
from shared.domain import NotFound
from shared.service import Now
from shared.store import Decide
from shared.tasks import cancel_all

logger = logging.getLogger(__name__)
BATCH, PROBE = 64, 8  # events that are read at a time, and while a receiver seems to be away
IDLE = 1.0  # seconds until it is looked again what people have changed, and what is due
AFTER_ERROR = timedelta(seconds=10)
STOP_WITHIN = 5.0  # seconds
LEAST_SPREAD, MOST_SPREAD = 0.8, 1.2  # of the waits, so that not all receivers are tried at once


@dataclass
class WebhookDispatcher:
    webhooks: Webhooks
    courses: Courses
    batches: Batches
    bus: Bus
    settings: WebhookSettings
    now: Now
    me: str = field(default_factory=lambda: uuid4().hex)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _is_stopping: bool = False

    async def deliver_due(self, ids: Sequence[str]) -> None:
        """Take up those that nobody is at."""
        for id in ids:
            if id in self._tasks or self._is_stopping:
                continue
            with suppress(LeaseLost, NotFound):
                await self._change(id, partial(Course.claim, holder=self.me, now=self.now()))
                self._tasks[id] = asyncio.create_task(self._deliver(id))

    async def stop(self) -> None:
        """What is being sent comes to its end; another process goes on at once."""
        self._is_stopping = True
        if tasks := list(self._tasks.values()):
            await asyncio.wait(tasks, timeout=STOP_WITHIN)
            await cancel_all(tasks)

    async def _deliver(self, id: str) -> None:
        again = False
        try:
            while await self._follow(id):
                pass
            if self._is_stopping:
                await self._change(id, partial(Course.release, holder=self.me, at=self.now()))
        except NotFound:
            return
        except LeaseLost:  # by another process, or by somebody who wants it to begin anew
            again = True
        except Exception as error:  # whatever it is, this webhook is taken up again, and the others go on
            logger.warning("webhook %s is taken up again: %s %s", id, type(error).__name__, error)
            later = partial(Course.release, holder=self.me, at=self.now() + AFTER_ERROR)
            with suppress(Exception):  # then when its lease is over
                await self._change(id, later)
        finally:
            del self._tasks[id]
        if again:
            await self.deliver_due([id])

    async def _follow(self, id: str) -> bool:
        """Read along from the position that is on record, until that is another one (True) or it is over."""
        course = await self.courses.get(id)
        try:
            async with pulling(self.bus.link, course.position) as pull:
                while not self._is_stopping:
                    webhook, course = await self.webhooks.get(id), await self.courses.get(id)
                    course.check_holder(self.me)
                    if await self._is_over(webhook, course):
                        return False
                    if not await self._turn(webhook, course, pull):
                        return True
        except OffsetExpired:
            first, last = await self.bus.kept()
            position = first - 1 if course.position < first else last
            logger.error(
                "webhook %s: what followed event %d is not kept; it goes on at %d", id, course.position, position
            )
            await self._change(id, partial(Course.start_at, holder=self.me, position=position))
            return True
        return False

    async def _is_over(self, webhook: Webhook, course: Course) -> bool:
        """Nothing more is sent, for the time being or until somebody says so."""
        now = self.now()
        if webhook.state is WebhookState.ACTIVE and course.fails_since(now - self.settings.disable_after):
            await self._disable(webhook, DisabledBecause.FAILING)
        elif webhook.state is WebhookState.ACTIVE:
            if not course.is_full or course.next_retry <= now:
                return False
            await self._change(course.id, partial(Course.release, holder=self.me, at=course.next_retry))
            return True
        await self._change(course.id, partial(Course.release, holder=self.me, at=None))
        return True

    async def _turn(self, webhook: Webhook, course: Course, pull: Pull) -> bool:
        """Whether to read on from where the reading is."""
        now, jitter = self.now(), random.uniform(LEAST_SPREAD, MOST_SPREAD)  # noqa: S311 - spread, no secret
        if course.held and course.next_retry <= now:
            outcome = await self.batches.retry(webhook, course, now)
            retried = partial(Course.retried, holder=self.me, tried=outcome.tried, now=self.now(), jitter=jitter)
            await self._change(webhook.id, retried)
            if outcome.is_gone:
                await self._disable(webhook, DisabledBecause.GONE)
            return True
        found = await pull.next(webhook.kinds, PROBE if course.failures else BATCH, IDLE)
        if found:  # after a while of waiting: it may be another one now
            webhook, course = await self.webhooks.get(webhook.id), await self.courses.get(webhook.id)
            course.check_holder(self.me)
            if await self._is_over(webhook, course):
                return True
        position = pull.position
        if course.replay:
            position = min(position, course.replay.until)
            found = [(sequence, event) for sequence, event in found if sequence <= position]
        outcome = await self.batches.send(webhook, course, found)
        position = min(outcome.left) - 1 if outcome.left else position
        written: Course | None = None
        if outcome.tried or outcome.later or outcome.left:
            advance = partial(Course.advance, holder=self.me, position=position, now=self.now(), jitter=jitter)
            written = await self._change(webhook.id, partial(advance, tried=outcome.tried, later=outcome.later))
        elif course.is_to_renew(self.now()) or (course.replay and position >= course.replay.until):
            written = await self._change(
                webhook.id, partial(Course.renew, holder=self.me, position=position, now=self.now())
            )
        if outcome.is_gone:
            await self._disable(webhook, DisabledBecause.GONE)
        return written is None or written.position == pull.position

    async def _disable(self, webhook: Webhook, because: DisabledBecause) -> None:
        await self.webhooks.change(webhook.id, partial(Webhook.disable, because=because, now=self.now()), SELF)

    async def _change(self, id: str, decide: Decide[Course]) -> Course:
        return await self.courses.change(id, decide, SELF)

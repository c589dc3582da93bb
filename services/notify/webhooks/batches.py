"""Sending what is next to one webhook: several tickets at once, the events of each in their order."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notify.stream.access import StreamAccess
from services.notify.stream.visibility import is_public
from services.notify.webhooks.course import Course, Held, Tried
from services.notify.webhooks.domain import Webhook
from services.notify.webhooks.endpoint import GONE
from services.notify.webhooks.sender import WebhookSender
from services.notify.webhooks.sendings import id_of
from shared.bus import Bus, event_at
from shared.events import Event

AT_ONCE = 8  # requests to one receiver
BEGIN_WITHIN = 20.0  # seconds from the start; with the longest request that is less than the lease

Numbered = tuple[int, Event]


@dataclass
class Outcome:
    """`later` wait behind one of their ticket that was not taken; `left` there was no time for."""

    tried: list[Tried] = field(default_factory=list)
    later: list[tuple[str, int]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    is_gone: bool = False


@dataclass(frozen=True)
class Batches:
    sender: WebhookSender
    access: StreamAccess
    bus: Bus

    async def send(self, webhook: Webhook, course: Course, found: Sequence[Numbered]) -> Outcome:
        """What was read: but what it does not want, what it has, and what waits."""
        outcome = Outcome()
        wanted = [(sequence, event) for sequence, event in found if await self._is_wanted(webhook, event)]
        done = set() if course.replay else await self._delivered(webhook, wanted)
        lanes: dict[str, list[Numbered]] = {}
        for sequence, event in wanted:
            if course.of(event.subject):
                outcome.later.append((event.subject, sequence))
            elif id_of(webhook.id, event) not in done:
                lanes.setdefault(event.subject, []).append((sequence, event))
        at_once, until = asyncio.Semaphore(AT_ONCE), time.monotonic() + BEGIN_WITHIN
        await asyncio.gather(*(self._lane(webhook, lane, outcome, at_once, until) for lane in lanes.values()))
        return outcome

    async def retry(self, webhook: Webhook, course: Course, now: datetime) -> Outcome:
        """What is held, and due."""
        outcome = Outcome()
        due = sorted((one for one in course.held if one.at <= now), key=lambda one: one.at)[:AT_ONCE]
        await asyncio.gather(*(self._held(webhook, course, held, outcome) for held in due))
        return outcome

    async def _lane(
        self, webhook: Webhook, lane: Sequence[Numbered], outcome: Outcome, at_once: asyncio.Semaphore, until: float
    ) -> None:
        for place, (sequence, event) in enumerate(lane):
            async with at_once:
                if time.monotonic() > until or outcome.is_gone:
                    outcome.left += [one for one, _ in lane[place:]]
                    return
                if not await self._try(webhook, sequence, event, outcome, is_last=False):
                    outcome.later += [(event.subject, one) for one, _ in lane[place + 1 :]]
                    return

    async def _held(self, webhook: Webhook, course: Course, held: Held, outcome: Outcome) -> None:
        until = time.monotonic() + BEGIN_WITHIN
        is_last = course.gives_up_on(held.ticket)
        for sequence in held.sequences:
            if time.monotonic() > until or outcome.is_gone:
                return
            event = await event_at(self.bus.link, sequence)
            if event is None or await self._delivered(webhook, [(sequence, event)]):
                outcome.tried.append(Tried(held.ticket, sequence, taken=True))
            elif not await self._try(webhook, sequence, event, outcome, is_last):
                return
            is_last = False

    async def _try(self, webhook: Webhook, sequence: int, event: Event, outcome: Outcome, is_last: bool) -> bool:
        answer = await self.sender.send(webhook, event, sequence, is_last)
        outcome.tried.append(Tried(event.subject, sequence, answer.taken, answer.refused, answer.wait))
        outcome.is_gone = outcome.is_gone or answer.status == GONE
        return answer.taken

    async def _is_wanted(self, webhook: Webhook, event: Event) -> bool:
        if not is_public(event) or webhook.ticket not in ("", event.subject):
            return False
        return not webhook.company or (await self.access.owner_of(event))[1] == webhook.company

    async def _delivered(self, webhook: Webhook, found: Sequence[Numbered]) -> set[str]:
        return await self.sender.log.delivered([id_of(webhook.id, event) for _, event in found]) if found else set()

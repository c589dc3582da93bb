"""Sending deliveries, once each: leases, attempts and their outcome."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from opentelemetry.trace import SpanKind

from services.notify.channels.domain import DeliveryChannel, PermanentFailure, TransientFailure
from services.notify.channels.email import EmailSender
from services.notify.channels.messengers import MessengerSender, account_of
from services.notify.deliveries.breakers import Breakers
from services.notify.deliveries.domain import LEASE, Delivery
from services.notify.deliveries.mail_queue import MailQueue
from services.notify.deliveries.queues import Queues
from services.notify.deliveries.store import Deliveries
from shared.domain import Origin
from shared.events import Event, wire_time
from shared.mongo import is_transient
from shared.store import Decide
from shared.telemetry import TICKET, span

RECORD_RETRY_DELAY = 0.3  # seconds, while the database is away
MAX_ERROR_LENGTH = 500
LEAST_JITTER = 0.8  # of a wait, so that not all that failed together is tried together
SPREAD = timedelta(seconds=10)  # over which it comes when an account is tried again
SELF = Origin.service("notify")


@dataclass(frozen=True)
class Dispatcher:
    store: Deliveries
    email: EmailSender | None
    messengers: MessengerSender
    now: Callable[[], datetime]
    queue: Queues = field(default_factory=Queues)
    breakers: Breakers = field(default_factory=Breakers)

    async def start(self) -> None:
        self.queue.start(self.send, self.renew, self._on_room, self.now)

    async def stop(self) -> None:
        if left := await self.queue.stop():
            await self.store.renew(left, self.now(), self.now())
        if self.email:
            await self.email.close()

    async def submit(self, delivery: Delivery, by: Event | Origin) -> Delivery:
        """Store it, and queue it if it is to be sent and there is room. The sending is not waited for. Returns what is
        stored: what came before, if it came before."""
        if delivery.due_at is None or not (queue := self.queue.of(delivery.channel)).reserve():
            return await self.store.add(delivery, [], by)
        try:
            delivery.lease(self.now())
            added = await self.store.add(delivery, [], by)
            if added is delivery:
                queue.put(delivery)
            return added
        finally:
            queue.release()

    async def send_due(self, ids: Sequence[str]) -> None:
        """Claim those that no other process has claimed, and queue them. What there is no room for stays due; what is
        sent by an account that is left alone waits as long as that, unclaimed."""
        now, wanted = self.now(), dict[str, MailQueue]()
        paused: dict[datetime, list[str]] = {}
        for row in await self.store.rows({"_id": {"$in": list(ids)}}, ["channels", "address"]):
            id, channel = row["id"], DeliveryChannel(row["channels"][-1])
            if id in self.queue or not self.queue.sends(channel):
                continue
            if until := self.breakers.paused_until(breaker_of(channel, row.get("address", "")), now):
                paused.setdefault(until, []).append(id)
            elif (queue := self.queue.of(channel)).reserve():
                wanted[id] = queue
        try:
            for until, held in paused.items():
                await self.store.postpone(held, now, wire_time(until + random.uniform(0, 1) * SPREAD))  # noqa: S311
            if wanted:
                for delivery in await self.store.claim([*wanted], uuid4().hex, now, wire_time(now + LEASE)):
                    self.queue.of(delivery.channel).put(delivery)
        finally:
            for queue in wanted.values():
                queue.release()

    def _on_room(self) -> None:
        if self.store.look_again:
            self.store.look_again()

    async def send(self, delivery: Delivery) -> None:
        """Send it and record the outcome.

        After a crash between the two it is sent again, under the same id: better than not at all.
        """
        if not self.queue.has_lease(delivery, self.now()):
            return
        account = breaker_of(delivery.channel, delivery.address)
        if until := self.breakers.open_until(account, self.now()):
            later = until + random.uniform(0, 1) * SPREAD  # noqa: S311
            await self._record(delivery.id, partial(Delivery.postpone, until=later))
            return
        with span(f"send {delivery.channel}", SpanKind.CLIENT, delivery.traceparent, **{TICKET: delivery.ticket}):
            try:
                provider_id = await self._sender(delivery).send(delivery.message())
            except PermanentFailure as failure:
                self.breakers.worked(account)
                failed = partial(Delivery.failed, error=str(failure)[:MAX_ERROR_LENGTH], permanent=True)
                await self._record(delivery.id, partial(failed, now=self.now()))
            except TransientFailure as failure:
                failed = partial(Delivery.failed, error=str(failure)[:MAX_ERROR_LENGTH], permanent=False)
                if failure.is_accounts:
                    self.breakers.failed(account, self.now(), failure.wait)
                jitter = random.uniform(LEAST_JITTER, 1)  # noqa: S311
                kept = partial(failed, wait=failure.wait, parts_sent=failure.parts_sent, jitter=jitter)
                await self._record(delivery.id, partial(kept, now=self.now()))
            else:
                self.breakers.worked(account)
                await self._record(delivery.id, partial(Delivery.sent, provider_id=provider_id, now=self.now()))

    async def renew(self, ids: Sequence[str]) -> datetime:
        """The leases of these; returns until when."""
        now = self.now()
        await self.store.renew(ids, now, now + LEASE)
        return now + LEASE

    def _sender(self, delivery: Delivery) -> EmailSender | MessengerSender:
        """Raises TransientFailure for a mail while no mail server is set."""
        if delivery.channel is not DeliveryChannel.EMAIL:
            return self.messengers
        if self.email is None:
            raise TransientFailure("no mail server is set")
        return self.email

    async def _record(self, id: str, outcome: Decide[Delivery]) -> None:
        """However long it takes: a mail whose sending is not on record is sent again."""
        while True:
            try:
                await self.store.change(id, outcome, SELF)
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                await asyncio.sleep(RECORD_RETRY_DELAY)


def breaker_of(channel: DeliveryChannel, address: str) -> str:
    """The account that it is sent by."""
    return "email" if channel is DeliveryChannel.EMAIL else account_of(address)

"""Digests: what waits for the same moment is told to a person in one message, once.

A digest is a delivery that collects until it is claimed to be sent. Which one a held delivery belongs to follows from
what is stored of it, so that an event that comes again finds it there.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.digest import MOST_LAST, OF_DIGEST, DigestItem, digest_of
from services.notify.deliveries.domain import Delivery, DeliveryState
from services.notify.deliveries.robots import said_by_robot
from services.notify.deliveries.store import Deliveries
from services.notify.templates.domain import Content
from shared.domain import Origin
from shared.events import Event

TEMPLATE = "digest"
MOST_ITEMS = 100
SELF = Origin.service("notify")


@dataclass(frozen=True)
class Digests:
    store: Deliveries
    now: Callable[[], datetime]

    async def put(self, held: Delivery, zone: ZoneInfo) -> None:
        """Have it told in a digest."""
        for number in count():
            digest = digest_for(held, number, zone, self.now())
            known = await self.store.add(digest, [], SELF)
            if known is not digest:
                known = await self.store.change(digest.id, partial(collect, held=held, zone=zone), SELF)
            if includes(known, held):
                return

    async def forget(self, delivery: Delivery, people: Sequence[str], zone: ZoneInfo) -> None:
        """It is erased: the digest says it no more."""
        for number in count():
            id = digest_id(delivery, number)
            if await self.store.find(id) is None:
                return
            await self.store.change(id, partial(forget, ticket=delivery.ticket, people=people, zone=zone), SELF)


def digest_id(held: Delivery, number: int) -> str:
    """That of its recipient, of its way and time; the next `number` where that was closed."""
    assert held.held_until
    told = f"{held.recipient}\n{held.channel}\n{held.address}\n{held.held_until.isoformat()}\n{number}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def digest_for(held: Delivery, number: int, zone: ZoneInfo, now: datetime) -> Delivery:
    digest = Delivery(
        id=digest_id(held, number),
        ticket="",
        event="",
        template=TEMPLATE,
        recipient=f"{OF_DIGEST}{held.recipient}",
        name=held.name,
        address=held.address,
        reply_to=held.reply_to,
        mail=held.mail,
        fallback=held.fallback,
        threaded=False,
        held_until=held.held_until,
        channels=[held.channel],
        language=held.language,
        words={},
        state=DeliveryState.QUEUED,
        due_at=held.held_until,
        created_at=now,
        traceparent=held.traceparent,
    )
    collect(digest, held, zone)
    return digest


def collect(digest: Delivery, held: Delivery, zone: ZoneInfo) -> list[Event]:
    """Tell it too, once; not where the digest is full, or was claimed to be sent: then its due time is another."""
    is_open = digest.due_at == digest.held_until and len(digest.items) < MOST_ITEMS
    if is_open and not includes(digest, held):
        content = held.words[held.language]
        text = content.text if len(content.text) <= MOST_LAST else f"{content.text[:MOST_LAST]}…"
        item = DigestItem(
            id=held.id,
            ticket=held.ticket,
            template=held.template,
            at=held.created_at,
            title=content.title,
            text=text,
        )
        digest.items.append(item)
        digest.words = {digest.language: content_of(digest, zone)}
    return []


def content_of(digest: Delivery, zone: ZoneInfo) -> Content:
    if digest.channel is DeliveryChannel.ROBOT:
        return said_by_robot(digest.items, digest.language)
    return digest_of(digest.items, digest.language, zone)


def includes(digest: Delivery, held: Delivery) -> bool:
    return any(item.id == held.id for item in digest.items)


def forget(digest: Delivery, ticket: str, people: Sequence[str], zone: ZoneInfo) -> list[Event]:
    """What it says of this ticket; and whom it was for, if that is one of these and nothing is left to say."""
    digest.items = [one for one in digest.items if one.ticket != ticket]
    if digest.items:
        digest.words = {digest.language: content_of(digest, zone)}
        return []
    recipient = digest.recipient.removeprefix(OF_DIGEST)
    return digest.forget([digest.recipient] if recipient in people else [])

"""One notification to one recipient: what it says, and what became of it."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, Field

from services.notify.audiences.domain import Person
from services.notify.channels.calendar import CalendarEntry
from services.notify.channels.domain import DeliveryChannel, Message
from services.notify.deliveries.digest import OF_DIGEST, DigestItem
from services.notify.templates.domain import Content
from shared.domain import Aggregate, Forbidden, Value
from shared.erasing import ERASED
from shared.events import Event, NotifyDelivered, NotifyFailed, wire_time
from shared.terms import Role, Text

# The delay after each failed attempt; after the last attempt the delivery has failed.
RETRY_DELAYS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600))
# So long a mail belongs to the process that has claimed it, which renews that; then another process may claim it.
LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 50  # that are kept, the latest
BOUNCED = "bounced"  # begins the error of a mail that came back
ROLES_WITH_INBOX = (Role.LEAD, Role.KB_EDITOR, Role.ADMIN)


class NotTheRecipient(Forbidden):
    title = Text("You are not the recipient", "您不是此通知的收件人")


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    READ = "read"
    BOUNCED = "bounced"


class Attempt(Value):
    """`spent`: it was made before somebody had it sent again, and counts no more."""

    at: AwareDatetime
    error: str = ""
    channel: DeliveryChannel = DeliveryChannel.EMAIL
    spent: bool = False


class Destination(Value):
    """How a person is reached besides online: by which channel and at which address of it; `reply_to` as in Message.
    `mail` is where it goes instead when a messenger refuses for good, `fallback` (an address in a messenger) when mail
    does, if there is such an address."""

    channel: DeliveryChannel
    address: str
    reply_to: str = ""
    mail: str = ""
    fallback: str = ""


class Delivery(Aggregate):
    """`recipient` is a person's `sub` or address, or `role:<role>`, the inbox of all who have that role. `words` is the
    content by language. `place` grows with time: lists are in its order, pages go on behind it. `due_at` is when it is
    to be sent, or, while a process is sending it, when its lease is over. `address`, `reply_to`, `mail` and `fallback`
    are those of the way by which it is sent, `parts_sent` what a messenger has taken of it, `asked` the facts that it
    asks for. One that is held until `held_until` is read online, and sent in a digest alone, a delivery of its own to
    `digest:<sub>` with those that it tells as `items`; or to `digest:robot:<id>`, where `robots` tell it in groups."""

    ticket: str
    event: str
    template: str
    recipient: str
    name: str
    address: str = ""
    reply_to: str = ""
    mail: str = ""
    fallback: str = ""
    parts_sent: int = 0
    asked: list[str] = Field(default_factory=list)
    threaded: bool = True
    to_acknowledge: bool = False
    calendar: CalendarEntry | None = None
    held_until: AwareDatetime | None = None
    robots: list[str] = Field(default_factory=list)
    items: list[DigestItem] = Field(default_factory=list)
    channels: list[DeliveryChannel]
    language: str
    words: dict[str, Content]
    state: DeliveryState
    attempts: list[Attempt] = Field(default_factory=list)
    due_at: AwareDatetime | None = None
    leased_by: str = ""
    provider_id: str = ""
    created_at: AwareDatetime
    read_at: AwareDatetime | None = None
    read_by: str = ""
    traceparent: str = ""

    @classmethod
    def to_person(
        cls,
        event: Event,
        template: str,
        person: Person,
        content: Content,
        way: Destination | None,
        now: datetime,
        occasion: str = "",
    ) -> "Delivery":
        channels = [DeliveryChannel.ONLINE] if person.sub else []
        if way:
            channels.append(way.channel)
        delivery = cls._of(event, template, person.id, channels, {person.language: content}, now, occasion)
        delivery.name, delivery.language = person.name, person.language
        if way:
            delivery.address, delivery.reply_to = way.address, way.reply_to
            delivery.mail, delivery.fallback = way.mail, way.fallback
            delivery.state, delivery.due_at = DeliveryState.QUEUED, now
        return delivery

    @classmethod
    def to_role(
        cls,
        event: Event,
        template: str,
        recipient: str,
        contents: dict[str, Content],
        now: datetime,
        occasion: str = "",
    ) -> "Delivery":
        return cls._of(event, template, recipient, [DeliveryChannel.ONLINE], contents, now, occasion)

    @classmethod
    def _of(
        cls,
        event: Event,
        template: str,
        recipient: str,
        channels: list[DeliveryChannel],
        contents: dict[str, Content],
        now: datetime,
        occasion: str,
    ) -> "Delivery":
        # The same event, or occasion, for the same recipient is the same delivery, so nobody is notified twice.
        way = "+".join(channels) if occasion in ("", event.id) else ""
        told = f"{occasion or event.id}\n{recipient}\n{way}\n{template}"
        id = hashlib.sha256(told.encode()).hexdigest()[:32]
        return cls(
            id=id,
            ticket=getattr(event, "ticket", event.subject),
            event=event.kind,
            template=template,
            recipient=recipient,
            name="",
            channels=channels,
            language="zh",
            words=contents,
            state=DeliveryState.SENT,
            created_at=now,
            traceparent=event.traceparent,
        )

    @property
    def channel(self) -> DeliveryChannel:
        """The one that it is sent by."""
        return self.channels[-1]

    def message(self) -> Message:
        return Message(
            id=self.id,
            ticket=self.ticket,
            name=self.name,
            address=self.address,
            language=self.language,
            content=self.words[self.language],
            created_at=self.created_at,
            reply_to=self.reply_to,
            parts_sent=self.parts_sent,
            asked=tuple(self.asked),
            threaded=self.threaded,
            calendar=self.calendar,
        )

    def forget(self, people: Collection[str]) -> list[Event]:
        """What it says, and whom it was for if that is one of these. One that waits is not sent any more."""
        blank = Content(title=ERASED, text=ERASED)
        self.words = dict.fromkeys(self.words, blank)
        if self.recipient in people:
            self.recipient, self.name = f"erased:{self.id}", ERASED
            self.address = self.mail = self.fallback = self.reply_to = ""
            self.attempts = [one.model_copy(update={"error": ERASED if one.error else ""}) for one in self.attempts]
        if self.state is DeliveryState.QUEUED:
            self.state = DeliveryState.FAILED
        self.due_at = None
        return []

    def hold(self, until: datetime) -> None:
        """It stands in the inbox now, and is sent in a digest then."""
        self.held_until, self.due_at, self.state = until, None, DeliveryState.SENT

    def other_way(self) -> bool:
        """Send it by mail instead of by its messenger, or the other way round; False where there is no such address."""
        if not (address := self.mail or self.fallback):
            return False
        channel = DeliveryChannel.EMAIL if self.mail else DeliveryChannel(self.fallback.partition(":")[0])
        self.channels = [*(one for one in self.channels if one is not self.channel), channel]
        self.address, self.mail, self.fallback, self.parts_sent = address, "", "", 0
        return True

    def only_online(self) -> None:
        """Its recipient does not want to be sent it."""
        self.channels, self.address, self.reply_to = [DeliveryChannel.ONLINE], "", ""
        self.mail = self.fallback = ""
        self.due_at, self.state = None, DeliveryState.SENT

    # ---- sending

    def lease(self, now: datetime) -> None:
        """This process sends it, from now until the lease is over."""
        self.due_at = wire_time(now + LEASE)

    def sent(self, provider_id: str, now: datetime) -> list[Event]:
        if self.due_at is None:
            return []
        self.state = DeliveryState.READ if self.read_at else DeliveryState.SENT
        self.due_at, self.provider_id = None, provider_id
        self.attempts.append(Attempt(at=now, channel=self.channel))
        return [NotifyDelivered(time=now, **one) for one in self.event_fields()]

    def postpone(self, until: datetime) -> list[Event]:
        """No attempt: what it is sent by takes nothing just now."""
        if self.due_at is not None:
            self.due_at = wire_time(until)
        return []

    def failed(
        self,
        error: str,
        permanent: bool,
        now: datetime,
        wait: timedelta = timedelta(),
        parts_sent: int = 0,
        jitter: float = 1.0,
    ) -> list[Event]:
        """An attempt: wait for the next one, `wait` at least, or give up, at once when the failure is permanent. What
        one channel does not take goes by the next one, where there is one."""
        if self.due_at is None:
            return []
        self.attempts.append(Attempt(at=now, error=error, channel=self.channel))
        self.parts_sent = max(self.parts_sent, parts_sent)
        self.attempts = self.attempts[-MOST_ATTEMPTS:]
        tries = sum(one.channel is self.channel and not one.spent for one in self.attempts)
        if not permanent and tries <= len(RETRY_DELAYS):
            self.due_at = wire_time(now + max(RETRY_DELAYS[tries - 1] * jitter, wait))
            return []
        if self.other_way():
            self.due_at = wire_time(now)
            return []
        self.state, self.due_at = DeliveryState.FAILED, None
        return [NotifyFailed(time=now, error=error, **one) for one in self.event_fields()]

    def event_fields(self) -> list[dict[str, Any]]:
        """What events say of it; of a digest, of each that is told in it."""
        to = {"recipient": self.recipient.removeprefix(OF_DIGEST), "channel": self.channel}
        what: Sequence[Delivery | DigestItem] = self.items or [self]
        return [{"subject": one.ticket, "delivery": one.id, "template": one.template, **to} for one in what]

    # ---- reading

    def is_for(self, sub: str, roles: Collection[str]) -> bool:
        return self.recipient in inboxes(sub, roles)

    def mark_read(self, sub: str, now: datetime) -> list[Event]:
        """Once; in a role's inbox for all who share it. A mail that is still queued is sent all the same."""
        if self.read_at:
            return []
        self.read_at, self.read_by = now, sub
        if self.state is DeliveryState.SENT:
            self.state = DeliveryState.READ
        return []


def inboxes(sub: str, roles: Collection[str]) -> list[str]:
    """The recipients as whom somebody reads: themselves, and the roles that they have."""
    return [sub, *(f"role:{role}" for role in ROLES_WITH_INBOX if role in roles)]

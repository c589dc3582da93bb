"""What was told to people, and what came of it."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.notify.audiences.domain import Person
from services.notify.templates.domain import Words
from shared.domain import Aggregate, Conflict, Forbidden, Value
from shared.events import Event, NotifyDelivered, NotifyFailed, wire_time
from shared.terms import Role, Text

# How long after each failed try the next one comes; after the last one the delivery has failed.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600))
# For so long a mail belongs to the process that has it, which renews that; then another one may take it over.
LEASE = timedelta(seconds=15)
ROLES_WITH_INBOX = (Role.LEAD, Role.KB_EDITOR)


class AlreadyTaken(Conflict):
    title = Text("Somebody else is sending it", "正由其他进程发送")


class NotYours(Forbidden):
    title = Text("This was told to somebody else", "此通知的收件人不是您")


class Way(StrEnum):
    ONLINE = "online"
    EMAIL = "email"


class State(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    READ = "read"


class Birth(Aggregate):
    """When this service, with this database, began: what happened before is nobody's news any more."""

    at: AwareDatetime


class Attempt(Value):
    at: AwareDatetime
    error: str = ""


class Delivery(Aggregate):
    """One message to one recipient: a person's `sub` or address, or `role:<role>`, the inbox of all who have it.

    `place` grows with time, so that lists have an order and pages a place to go on from. `due_at` is when the mail
    should be tried, or, while somebody is trying, when that try is given up.
    """

    ticket: str
    event: str
    template: str
    recipient: str
    name: str
    address: str = ""
    channels: list[Way]
    language: str
    words: dict[str, Words]
    state: State
    attempts: list[Attempt] = Field(default_factory=list)
    due_at: AwareDatetime | None = None
    provider_id: str = ""
    created_at: AwareDatetime
    place: str
    read_at: AwareDatetime | None = None
    read_by: str = ""
    traceparent: str = ""

    @classmethod
    def to_person(
        cls, event: Event, template: str, person: Person, words: Words, by_mail: bool, now: datetime
    ) -> "Delivery":
        channels = [Way.ONLINE] if person.sub else []
        if by_mail:
            channels.append(Way.EMAIL)
        delivery = cls._of(event, template, person.id, channels, {person.language: words}, now)
        delivery.name, delivery.language = person.name, person.language
        if by_mail:
            delivery.address, delivery.state, delivery.due_at = person.address, State.QUEUED, now
        return delivery

    @classmethod
    def to_role(cls, event: Event, template: str, recipient: str, words: dict[str, Words], now: datetime) -> "Delivery":
        return cls._of(event, template, recipient, [Way.ONLINE], words, now)

    @classmethod
    def _of(
        cls, event: Event, template: str, to: str, channels: list[Way], words: dict[str, Words], now: datetime
    ) -> "Delivery":
        # The same event told to the same recipient is the same delivery, so nobody is told twice.
        id = hashlib.sha256(f"{event.id}\n{to}\n{'+'.join(channels)}\n{template}".encode()).hexdigest()[:32]
        return cls(
            id=id,
            ticket=getattr(event, "ticket", event.subject),
            event=event.kind,
            template=template,
            recipient=to,
            name="",
            channels=channels,
            language="zh",
            words=words,
            state=State.SENT,
            created_at=now,
            place=f"{place_of(now)}-{id}",
            traceparent=event.traceparent,
        )

    # ---- written down again, after it was lost

    def was_told(self) -> None:
        """Whatever became of it, it is sent no more."""
        self.state, self.due_at = State.SENT, None

    def came_of_it(self, event: NotifyDelivered | NotifyFailed) -> list[Event]:
        error = event.error if isinstance(event, NotifyFailed) else ""
        self.state = State.FAILED if error else State.SENT
        self.attempts = [Attempt(at=event.time, error=error)]
        return []

    # ---- sending

    def hold(self, now: datetime) -> None:
        """This process sends it, from now until the lease is over."""
        self.due_at = wire_time(now + LEASE)

    def take(self, now: datetime) -> list[Event]:
        """Raises AlreadyTaken unless it is due."""
        if self.due_at is None or now < self.due_at:
            raise AlreadyTaken("it is sent already, or somebody is sending it", "已发送，或正由其他进程发送")
        self.hold(now)
        return []

    def sent(self, provider_id: str, now: datetime) -> list[Event]:
        if self.due_at is None:
            return []
        self.state, self.due_at, self.provider_id = State.READ if self.read_at else State.SENT, None, provider_id
        self.attempts.append(Attempt(at=now))
        return [
            NotifyDelivered(
                subject=self.ticket,
                time=now,
                delivery=self.id,
                recipient=self.recipient,
                channel=Way.EMAIL,
                template=self.template,
            )
        ]

    def not_sent(self, error: str, for_good: bool, now: datetime) -> list[Event]:
        """Wait for the next try, or give up: at once when the refusal is for good."""
        if self.due_at is None:
            return []
        self.attempts.append(Attempt(at=now, error=error))
        if not for_good and len(self.attempts) <= len(WAITS):
            self.due_at = wire_time(now + WAITS[len(self.attempts) - 1])
            return []
        self.state, self.due_at = State.FAILED, None
        return [
            NotifyFailed(
                subject=self.ticket,
                time=now,
                delivery=self.id,
                recipient=self.recipient,
                channel=Way.EMAIL,
                template=self.template,
                error=error,
            )
        ]

    # ---- reading

    def is_for(self, sub: str, roles: Collection[str]) -> bool:
        return self.recipient in inboxes(sub, roles)

    def read(self, sub: str, now: datetime) -> list[Event]:
        """What was read once stays read; a mail on its way is still sent."""
        if self.read_at:
            return []
        self.read_at, self.read_by = now, sub
        if self.state is State.SENT:
            self.state = State.READ
        return []


def inboxes(sub: str, roles: Collection[str]) -> list[str]:
    """What somebody may read as their own: what was told to them, and to the roles that they have."""
    return [sub, *(f"role:{role}" for role in ROLES_WITH_INBOX if role in roles)]


def place_of(moment: datetime) -> str:
    """Where a moment is in the order of deliveries."""
    return f"{max(0, int(moment.timestamp() * 1000)):013d}"

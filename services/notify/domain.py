"""Whom a ticket concerns, and what was told to them."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Conflict, Forbidden, Listener, TooEarly, Value
from shared.events import (
    Event,
    NotifyDelivered,
    NotifyFailed,
    TicketOpened,
    TriageAssigned,
    TriageReleased,
    TriageSolutionVerified,
    wire_time,
)
from shared.terms import Channel, Role, Text, is_email_address

# How long after each failed try the next one comes; after the last one the delivery has failed.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600))
# For so long a mail belongs to the process that has it, which renews that; then another one may take it over.
LEASE = timedelta(seconds=15)
MOST_PEOPLE = 100  # who had one ticket, one after the other
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


class Person(Value):
    """`sub` is empty for a guest, who can be told by mail alone and is known by their address."""

    name: str
    sub: str = ""
    email: str = ""
    language: str = "zh"

    @property
    def id(self) -> str:
        return self.sub or f"mailto:{self.email}"

    @property
    def address(self) -> str:
        """Where mails go; empty when there is nothing that can be one."""
        return self.email if is_email_address(self.email) else ""


class Birth(Aggregate):
    """When this service, with this database, began: what happened before is nobody's news any more."""

    at: AwareDatetime


class Contact(Listener):
    """Whom a ticket concerns: its id is the ticket's number, `opened` the event that opened it. `people` are all who
    had it, by their `sub`. Nobody is told of a ticket whose number was given a second time (`disputed`)."""

    title: str
    channel: Channel
    company: str
    customer: Person
    opened: str = ""
    disputed: bool = False
    assignee: Person | None = None
    people: dict[str, Person] = Field(default_factory=dict)
    solution: str = ""

    @classmethod
    def of(cls, event: TicketOpened) -> Self:
        who = event.contact
        customer = Person(name=who.name, sub=who.sub, email=who.email, language=spoken(who.language))
        return cls(
            id=event.subject,
            title=one_line(event.problem.title),
            channel=event.channel,
            company=event.company,
            customer=customer,
            opened=event.id,
        )

    def dispute(self) -> list[Event]:
        self.disputed = True
        return []

    def assign(self, event: TriageAssigned) -> list[Event]:
        engineer = Person(
            name=event.engineer_name,
            sub=event.engineer,
            email=event.engineer_email,
            language=spoken(event.engineer_language),
        )
        if not self.is_overtaken("assignee", event):
            self.assignee = engineer
        if len(self.people) < MOST_PEOPLE:
            self.people.setdefault(engineer.sub, engineer)
        return []

    def release(self, event: TriageReleased) -> list[Event]:
        if not self.is_overtaken("assignee", event):
            self.assignee = None
        return []

    def solve(self, event: TriageSolutionVerified) -> list[Event]:
        if not self.is_overtaken("solution", event):
            self.solution = event.solution
        return []

    def assignee_of(self, event: Event) -> Person | None:
        """Who had the ticket when that happened, where the event tells it; else who has it now. Raises TooEarly when
        that assignment has not been heard yet."""
        then: str | None = getattr(event, "assignee", None)
        if then is None or (self.assignee and then == self.assignee.sub):
            return self.assignee
        if then and then not in self.people and len(self.people) < MOST_PEOPLE:
            raise TooEarly(f"{self.id} was assigned to somebody of whom we have not heard")
        return self.people.get(then)


class Words(Value):
    title: str
    text: str


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


def spoken(language: str) -> str:
    """`zh` or `en`, the languages that we speak; who names none is spoken to in Chinese."""
    return "zh" if not language or language.lower().startswith("zh") else "en"


def one_line(text: str) -> str:
    """Without line breaks and control characters, which have no place in a mail's subject."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())

"""Whom a ticket concerns: its customer, the engineers who have or had it, and who watches it."""

from typing import Self

from pydantic import Field

from services.notify.templates.domain import one_line
from shared.domain import Listener, TooEarly, Value
from shared.erasing import ERASED
from shared.events import Event, TicketOpened, TriageAssigned
from shared.terms import Channel
from shared.texts import is_email_address

MAX_ENGINEERS = 100  # who had one ticket, one after the other


class Person(Value):
    """`sub` is empty for a guest, who is identified by their address: of mail, or in the messenger that they write from
    (`wecom:<account>:<member>`)."""

    name: str
    sub: str = ""
    email: str = ""
    language: str = "zh"
    messenger: str = ""
    phone: str = ""

    @property
    def id(self) -> str:
        if self.phone and not (self.sub or self.email or self.messenger):
            return f"tel:{self.phone}"
        if self.messenger and not (self.sub or self.email):
            return f"channel:{self.messenger}"
        return self.sub or f"mailto:{self.email}"

    @property
    def address(self) -> str:
        """Where mails go; empty when they have no valid address."""
        return self.email if is_email_address(self.email) else ""


class WatchingPerson(Person):
    by_staff: bool = False


class Audience(Listener):
    """Of one ticket, whose number is its id; `opened` is the id of the event that opened it. `people` are all engineers
    who had it, by their `sub`. Nobody is notified of a ticket whose number was given a second time (`disputed`).
    `wrote_by` is how the customer wrote last, `reply_to` where their messenger takes an answer to that, sealed;
    `incidents` are those that the ticket is part of."""

    title: str
    channel: Channel
    company: str
    customer: Person
    opened: str = ""
    disputed: bool = False
    assignee: Person | None = None
    watchers: list[WatchingPerson] = Field(default_factory=list)
    people: dict[str, Person] = Field(default_factory=dict)
    solution: str = ""
    wrote_by: Channel = Channel.ONLINE
    reply_to: str = ""
    is_urgent: bool = False
    incidents: list[str] = Field(default_factory=list)

    @classmethod
    def of(cls, event: TicketOpened) -> Self:
        contact = event.contact
        customer = Person(
            name=contact.name,
            sub=contact.sub,
            email=contact.email,
            language=supported_language(contact.language),
            messenger=contact.address,
            phone=contact.phone,
        )
        return cls(
            id=event.subject,
            title=one_line(event.problem.title),
            channel=event.channel,
            company=event.company,
            customer=customer,
            opened=event.id,
            wrote_by=event.channel,
            reply_to=event.reply_to,
        )

    def is_notified_of(self, event: Event) -> bool:
        """Not of an assignment that was superseded before it was heard, nor that a ticket was taken over from another
        desk, where its customer was told."""
        if isinstance(event, TicketOpened) and event.imported_from:
            return False
        if isinstance(event, TriageAssigned) and (self.assignee is None or self.assignee.sub != event.engineer):
            return False
        return not self.disputed

    @property
    def outsiders(self) -> list[str]:
        """The customer, and who watches on their side."""
        return [self.customer.id, *(one.id for one in self.watchers if not one.by_staff)]

    def forget_customer(self) -> list[Event]:
        """Who it was, and what it was about."""
        self.customer = Person(name=ERASED, language=self.customer.language)
        self.title, self.solution = ERASED, ERASED if self.solution else ""
        self.watchers = [one for one in self.watchers if one.by_staff]
        return []

    def assignee_of(self, event: Event) -> Person | None:
        """Who had the ticket when that happened, where the event says so; else who has it now. Raises TooEarly when
        that assignment has not been heard yet."""
        then: str | None = getattr(event, "assignee", None)
        if then is None or (self.assignee and then == self.assignee.sub):
            return self.assignee
        if then and then not in self.people and len(self.people) < MAX_ENGINEERS:
            raise TooEarly(f"{self.id} was assigned to {then}, but that assignment has not been heard yet")
        return self.people.get(then)


def supported_language(language: str) -> str:
    """`zh` or `en`; `zh` for who names none."""
    return "zh" if not language or language.lower().startswith("zh") else "en"

"""A customer: a company, or a person without one. What is known of them follows from the tickets that were opened for
them, whichever of those is heard first; only that two are one is said by a person.
"""

import hashlib
import re
import unicodedata
from datetime import datetime

from pydantic import AwareDatetime, Field

from shared.domain import Conflict, Listener, Value
from shared.events import Contact, CustomerMerged, Event, TicketOpened
from shared.terms import Text

TICKETS = 20  # remembered, the newest
PEOPLE = 50
ALIASES = 50
LINKED = 5  # earlier tickets that a new one is linked to
NOT_A_DIGIT = re.compile(r"\D")
CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
SHORTEST_NUMBER = 7  # digits; anything shorter is an extension, which many have


class SameCustomer(Conflict):
    title = Text("They are one customer already", "两者已是同一客户")


class TooMany(Conflict):
    title = Text("Too many aliases", "别名过多")


class Opened(Value):
    """A ticket of theirs; `linked` are the earlier ones that were known when it was opened."""

    number: str
    at: AwareDatetime
    linked: list[str] = Field(default_factory=list)

    @property
    def place(self) -> tuple[AwareDatetime, str]:
        return self.at, self.number

    def comes_after(self, other: "Opened") -> bool:
        """Who was linked to the other when it was opened came later, whatever the clocks say; else the moments count.
        Never both ways."""
        if other.number in self.linked or self.number in other.linked:
            return other.number in self.linked
        return self.place > other.place


class Person(Value):
    """Somebody on the customer's side, as their newest ticket names them."""

    name: str
    sub: str = ""
    email: str = ""
    phone: str = ""
    at: AwareDatetime
    ticket: str


class Customer(Listener):
    """`into` is the customer whom this one was found to be, empty while they are their own; `aliases` are those who
    were found to be this one."""

    company: str = ""
    tickets: list[Opened] = Field(default_factory=list)
    people: list[Person] = Field(default_factory=list)
    into: str = ""
    aliases: list[str] = Field(default_factory=list)

    @property
    def name(self) -> str:
        return self.company or next((one.name for one in self.people), "")

    def had(self, event: TicketOpened) -> list[Event]:
        """The newest tickets and people of all that were ever heard of, so in any order the same."""
        self.company = self.company or event.company
        opened = Opened(number=event.subject, at=event.time, linked=event.linked)
        self.tickets = _newest([*(one for one in self.tickets if one.number != opened.number), opened])
        contact = event.contact
        new = Person(
            name=contact.name,
            sub=contact.sub,
            email=contact.email,
            phone=contact.phone,
            at=event.time,
            ticket=event.subject,
        )
        same = [one for one in self.people if _key(one) == _key(new)]
        others = [one for one in self.people if _key(one) != _key(new)]
        newest = max([*same, new], key=lambda one: (one.at, one.ticket))
        self.people = sorted([*others, newest], key=lambda one: (one.at, one.ticket), reverse=True)[:PEOPLE]
        return []

    # ---- two who are one

    def merge(self, into: str, reason: str, now: datetime) -> list[Event]:
        """A person says that this one is another, or (`into` empty) their own again."""
        if self.into == into:
            return []
        self.into = into
        self.revisions["merged"] = self.version + 1  # of the event that says so
        return [CustomerMerged(subject=self.id, time=now, into=into, reason=reason)]

    def was_merged(self, event: CustomerMerged) -> list[Event]:
        if not self.is_overtaken("merged", event):
            self.into = event.into
        return []

    def is_also(self, alias: str) -> list[Event]:
        """Where to look for aliases; each says itself whether it is one. Raises TooMany."""
        if alias not in self.aliases:
            if len(self.aliases) >= ALIASES:
                raise TooMany(f"a customer has {ALIASES} aliases at most", f"每个客户最多 {ALIASES} 个别名")
            self.aliases = sorted([*self.aliases, alias])
        return []


def identify(company: str, contact: Contact, number: str) -> str:
    """Who the customer of a ticket is: the same on every replica and each time that it is asked.

    A company by its name as it was given; else a person by their subject, their address or their telephone number. A
    name alone is nobody in particular: such a ticket has a customer of its own.
    """
    if company:
        known = f"company {company}"
    elif contact.sub:
        known = f"sub {contact.sub}"
    elif contact.email:
        known = f"mailto {contact.email.lower()}"
    elif digits := phone_number(contact.phone):
        known = f"tel {digits}"
    else:
        known = f"ticket {number}"
    return f"C-{hashlib.sha256(known.encode()).hexdigest()[:20]}"


def phone_number(written: str) -> str:
    """A number as it is dialled from anywhere, as far as that can be told: `+8613800138000` for `138-0013-8000`. Empty
    for what is none."""
    text = unicodedata.normalize("NFKC", written).strip()
    digits = NOT_A_DIGIT.sub("", text)
    if text.startswith("00"):
        text, digits = f"+{digits[2:]}", digits[2:]
    if len(digits) < SHORTEST_NUMBER:
        return ""
    if text.startswith("+"):
        return f"+{digits}"
    return f"+86{digits}" if CHINESE_MOBILE.fullmatch(digits) else digits


def newest_of(customers: list[Customer]) -> list[Opened]:
    """Of several who are one, newest first."""
    return _newest([one for customer in customers for one in customer.tickets])


def earlier_than(new: Opened, known: list[Opened]) -> list[str]:
    """The tickets that it is linked to (P1.5): the ones just before it."""
    return [one.number for one in known if one.number != new.number and new.comes_after(one)][:LINKED]


def _newest(tickets: list[Opened]) -> list[Opened]:
    return sorted(tickets, key=lambda one: one.place, reverse=True)[:TICKETS]


def _key(person: Person) -> str:
    return person.sub or person.email.lower() or phone_number(person.phone) or person.name

"""A customer: a company, or a person without one. What is known of them follows from the tickets that were opened for
them, whichever of those is heard first; only a person says that two are one.
"""

from datetime import datetime

from pydantic import AwareDatetime, Field

from services.intake.customers.identity import normalized_phone
from shared.domain import Conflict, Listener, Value
from shared.events import CustomerMerged, Event, TicketOpened
from shared.terms import Text

MAX_TICKETS = 20  # that are kept, the newest
MAX_PEOPLE = 50
MAX_ALIASES = 50
MAX_LINKED = 5  # earlier tickets that a new one is linked to
MERGED = "merged"


class AlreadyMerged(Conflict):
    title = Text("Already the same customer", "两者已是同一客户")


class TooManyAliases(Conflict):
    title = Text("Too many aliases", "别名过多")


class OpenedTicket(Value):
    """`linked` are the earlier ones that were known when it was opened."""

    number: str
    at: AwareDatetime
    linked: list[str] = Field(default_factory=list)

    @property
    def sort_key(self) -> tuple[AwareDatetime, str]:
        return self.at, self.number

    def comes_after(self, other: "OpenedTicket") -> bool:
        """One that was linked to the other when it was opened came later, whatever the clocks say; else the moments
        count. Never both ways."""
        if other.number in self.linked or self.number in other.linked:
            return other.number in self.linked
        return self.sort_key > other.sort_key


class Person(Value):
    """Somebody on the customer's side, as their newest ticket names them."""

    name: str
    sub: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    at: AwareDatetime
    ticket: str

    @property
    def key(self) -> str:
        """What tells one person from another; a name alone does not."""
        return self.sub or self.email.lower() or self.address or normalized_phone(self.phone) or self.ticket

    @property
    def sort_key(self) -> tuple[AwareDatetime, str]:
        return self.at, self.ticket


class Customer(Listener):
    """`into` is the customer whom this one was merged into, empty while they are their own; `aliases` are those who
    were merged into this one."""

    company: str = ""
    tickets: list[OpenedTicket] = Field(default_factory=list)
    people: list[Person] = Field(default_factory=list)
    into: str = ""
    aliases: list[str] = Field(default_factory=list)

    @property
    def name(self) -> str:
        return self.company or next((one.name for one in self.people), "")

    def record_ticket(self, event: TicketOpened) -> list[Event]:
        """Keeps the newest tickets and people of all that were ever heard of, so in any order the same."""
        self.company = self.company or event.company
        opened = OpenedTicket(number=event.subject, at=event.time, linked=event.linked)
        self.tickets = _newest([*(one for one in self.tickets if one.number != opened.number), opened])
        contact = event.contact.model_dump(include={"name", "sub", "email", "phone", "address"})
        person = Person(**contact, at=event.time, ticket=event.subject)
        known = [one for one in self.people if one.key == person.key]
        others = [one for one in self.people if one.key != person.key]
        newest = max([*known, person], key=lambda one: one.sort_key)
        self.people = sorted([*others, newest], key=lambda one: one.sort_key, reverse=True)[:MAX_PEOPLE]
        return []

    # ---- two who are one

    def merge(self, into: str, reason: str, now: datetime) -> list[Event]:
        """A person says that this one is another, or (`into` empty) their own again."""
        if self.into == into:
            return []
        self.into = into
        self.revisions[MERGED] = self.version + 1  # of the event that says so
        return [CustomerMerged(subject=self.id, time=now, into=into, reason=reason)]

    def record_merge(self, event: CustomerMerged) -> list[Event]:
        if not self.is_overtaken(MERGED, event):
            self.into = event.into
        return []

    def add_alias(self, alias: str) -> list[Event]:
        """Where to look for aliases; each says itself whether it is one. Raises TooManyAliases."""
        if alias not in self.aliases:
            if len(self.aliases) >= MAX_ALIASES:
                raise TooManyAliases(
                    f"A customer can have at most {MAX_ALIASES} aliases", f"每个客户最多 {MAX_ALIASES} 个别名"
                )
            self.aliases = sorted([*self.aliases, alias])
        return []


def newest_tickets(customers: list[Customer]) -> list[OpenedTicket]:
    """Of several who are one, newest first."""
    return _newest([one for customer in customers for one in customer.tickets])


def earlier_tickets(new: OpenedTicket, known: list[OpenedTicket]) -> list[str]:
    """The tickets that it is linked to (P1.5): the ones just before it."""
    return [one.number for one in known if one.number != new.number and new.comes_after(one)][:MAX_LINKED]


def _newest(tickets: list[OpenedTicket]) -> list[OpenedTicket]:
    return sorted(tickets, key=lambda one: one.sort_key, reverse=True)[:MAX_TICKETS]

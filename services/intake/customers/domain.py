"""A customer: a company, or a person without one. What is known of them follows from the tickets that were opened for
them, whichever of those is heard first; only a person says that two are one.
"""

from collections.abc import Sequence
from datetime import datetime

from pydantic import AwareDatetime, Field

from services.intake.customers.history import OpenedTicket
from shared.domain import Conflict, Listener, Value
from shared.events import Contact, CustomerMerged, Event, TicketOpened, TicketSummary
from shared.phones import e164
from shared.terms import Text

MAX_TICKETS = 20  # that are kept, the newest
MAX_PEOPLE = 50
MAX_ALIASES = 50
MERGED = "merged"


class AlreadyMerged(Conflict):
    title = Text("Already the same customer", "两者已是同一客户")


class TooManyAliases(Conflict):
    title = Text("Too many aliases", "别名过多")


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
        return self.sub or self.email.lower() or self.address or e164(self.phone) or self.ticket

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

    def record_taken(self, tickets: Sequence[TicketSummary]) -> list[Event]:
        """Those that another desk had before."""
        for one in tickets:
            self._see(OpenedTicket.taken(one), one.company, one.contact)
        return []

    def record_ticket(self, event: TicketOpened) -> list[Event]:
        """Keeps the newest tickets and people of all that were ever heard of, so in any order the same."""
        self._see(OpenedTicket.from_event(event), event.company, event.contact)
        return []

    def _see(self, opened: OpenedTicket, company: str, contact: Contact) -> None:
        self.company = self.company or company
        self.tickets = _newest([*(one for one in self.tickets if one.number != opened.number), opened])
        known_as = contact.model_dump(include={"name", "sub", "email", "phone", "address"})
        person = Person(**known_as, at=opened.at, ticket=opened.number)
        known = [one for one in self.people if one.key == person.key]
        others = [one for one in self.people if one.key != person.key]
        newest = max([*known, person], key=lambda one: one.sort_key)
        self.people = sorted([*others, newest], key=lambda one: one.sort_key, reverse=True)[:MAX_PEOPLE]

    # ---- two who are one

    def merge(self, into: str, reason: str, now: datetime) -> list[Event]:
        """A person says that this one is another, or (`into` empty) their own again."""
        if self.into == into:
            return []
        before, self.into = self.into, into
        self.revisions[MERGED] = self.version + 1  # of the event that says so
        return [CustomerMerged(subject=self.id, time=now, into=into, before=before, reason=reason)]

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

    def remove_alias(self, alias: str) -> list[Event]:
        self.aliases = [one for one in self.aliases if one != alias]
        return []


def newest_tickets(customers: list[Customer]) -> list[OpenedTicket]:
    """Of several who are one, newest first."""
    return _newest([one for customer in customers for one in customer.tickets])


def _newest(tickets: list[OpenedTicket]) -> list[OpenedTicket]:
    return sorted(tickets, key=lambda one: one.sort_key, reverse=True)[:MAX_TICKETS]

"""Whom a ticket concerns."""

from typing import Self

from pydantic import Field

from services.notify.templates.domain import one_line
from shared.domain import Listener, TooEarly, Value
from shared.events import Event, TicketOpened, TriageAssigned, TriageReleased, TriageSolutionVerified
from shared.terms import Channel, is_email_address

MOST_PEOPLE = 100  # who had one ticket, one after the other


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


def spoken(language: str) -> str:
    """`zh` or `en`, the languages that we speak; who names none is spoken to in Chinese."""
    return "zh" if not language or language.lower().startswith("zh") else "en"

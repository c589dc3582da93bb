"""What triage tells of incidents: one cause that several customers suffer from (P2.3).

Those about the incident as a whole have its id for their subject; that a ticket came into it or left it is about the
ticket. Lists of tickets are told in parts of `PART` at most.
"""

from shared.events.envelope import Event, Part
from shared.terms import Priority

PART = 200


class BothLanguages(Part):
    """What people read, in one language or both."""

    zh: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        """In this language, or in the other if there is nothing else."""
        return (self.zh or self.en) if language.startswith("zh") else (self.en or self.zh)


class OnCallEngineer(Part):
    """Who is on call just now."""

    sub: str
    name: str
    email: str = ""
    language: str = "zh"


class IncidentProposed(Event):
    """Tickets of several customers seem to have one cause: a lead is to confirm that, or to dismiss it. `evidence` says
    what they have in common, `tickets` names the first of them."""

    kind = "incident.proposed"
    title: str
    customers: int
    evidence: list[str]
    tickets: list[str]


class IncidentOpened(Event):
    """It is one incident: somebody said so, or so many customers have it that it is taken for one (`confirmed_by` is
    the service then). Its tickets are told by events of their own."""

    kind = "incident.opened"
    title: str
    customers: int
    tickets: int
    priority: Priority | None = None
    confirmed_by: str
    reason: str = ""
    on_call: list[OnCallEngineer] = []


class IncidentDismissed(Event):
    """It is none; or its tickets are found to be of another one (`into`)."""

    kind = "incident.dismissed"
    reason: str
    into: str = ""


class IncidentTicketAdded(Event):
    """The ticket is part of a confirmed incident from now on. `priority` is what the number of its customers makes it
    at least; `workaround` and `news` are what its customers may be told already."""

    kind = "incident.ticket_added"
    incident: str
    priority: Priority | None = None
    customers: int = 0
    reason: str = ""
    workaround: BothLanguages = BothLanguages()
    news: BothLanguages = BothLanguages()


class IncidentTicketRemoved(Event):
    """Somebody said that the ticket has another cause."""

    kind = "incident.ticket_removed"
    incident: str
    reason: str


class IncidentPriorityRaised(Event):
    """So many customers have it by now that its tickets have at least this priority."""

    kind = "incident.priority_raised"
    priority: Priority
    customers: int
    tickets: list[str]


class IncidentUpdated(Event):
    """News. Of an `internal` update the text does not come on the bus, and no ticket is named."""

    kind = "incident.updated"
    update: str
    internal: bool
    text: BothLanguages
    tickets: list[str]
    author_name: str = ""


class IncidentResolved(Event):
    """The cause is removed, and that was tried in a test environment: each of the tickets is proposed the solution.
    Only its own customer closes it."""

    kind = "incident.resolved"
    root_cause: str
    solution: BothLanguages
    steps: str
    result: str
    tickets: list[str]

"""An incident: one cause that several customers suffer from, the tickets about it, and the one place for its news.

It is proposed as a candidate and confirmed or dismissed by a person, or confirmed by itself when so many customers
have it that nobody doubts it. Only of a confirmed incident its tickets hear anything. No ticket is in two at once.
"""

from collections.abc import Collection, Iterable, Mapping

from pydantic import AwareDatetime, Field, computed_field

from services.triage.incidents.signature import Key, KeyKind
from services.triage.work.domain import RANK, UNRANKED
from services.triage.work.values import Actor
from shared.domain import Aggregate, Conflict, NotFound, Value
from shared.erasing import ERASED
from shared.events import BothLanguages, Event
from shared.terms import Priority, Term, Text

MOST_TICKETS, MOST_UPDATES, MOST_KEYS = 2_000, 200, 50


class WrongState(Conflict):
    title = Text("Not possible in the incident's current state", "群发故障当前状态不允许此操作")


class InAnother(Conflict):
    title = Text("The ticket is part of another incident", "工单已属于其他群发故障")


class IncidentFull(Conflict):
    title = Text("The incident is full", "群发故障内容已达上限")


class NotInIncident(NotFound):
    title = Text("The ticket is not part of the incident", "工单不属于该群发故障")


class IncidentState(Term):
    CANDIDATE = "candidate", "proposed, to be confirmed", "待确认"
    CONFIRMED = "confirmed", "confirmed, being worked on", "已确认，处理中"
    RESOLVED = "resolved", "resolved", "已解决"
    DISMISSED = "dismissed", "dismissed", "已排除"
    MERGED = "merged", "found to be another one", "已并入其他群发故障"


ACTIVE = (IncidentState.CANDIDATE, IncidentState.CONFIRMED)


class Member(Value):
    """A ticket of the incident, and why: the keys that it has in common with others, or the reason of who added it."""

    ticket: str
    customer: str
    opened_at: AwareDatetime
    keys: list[Key] = Field(default_factory=list)
    added_at: AwareDatetime
    added_by: str
    reason: str = ""

    @property
    def evidence(self) -> str:
        """In a few words, for people."""
        named = (key.name or key.kind.label.en for key in self.keys)
        return self.reason or ", ".join(dict.fromkeys(named))


class Update(Value):
    """`internal` ones are for staff alone."""

    id: str
    at: AwareDatetime
    by: str
    internal: bool
    text: BothLanguages


class Resolution(Value):
    """What is proposed to the customers, and how it was tried in a test environment (P4.1)."""

    solution: BothLanguages
    root_cause: str
    steps: str
    result: str
    by: str
    at: AwareDatetime


class Incident(Aggregate):
    """`removed` are tickets that a person took out: they never come back by themselves. `due_at` is set while its
    tickets move to the one that it was merged `into`."""

    title: str
    state: IncidentState = IncidentState.CANDIDATE
    members: list[Member] = Field(default_factory=list)
    keys: list[str] = Field(default_factory=list)
    removed: list[str] = Field(default_factory=list)
    priority: Priority | None = None
    proposed_at: AwareDatetime
    confirmed_at: AwareDatetime | None = None
    decided_by: str = ""
    reason: str = ""
    into: str = ""
    root_cause: str = ""
    workaround: BothLanguages = BothLanguages()
    updates: list[Update] = Field(default_factory=list)
    resolution: Resolution | None = None
    due_at: AwareDatetime | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def claims(self) -> list[str]:
        """What no other incident may have: its tickets, and, while it is active, its keys."""
        if self.state is IncidentState.MERGED:
            return [f"i:{self.id}"]
        keys = [f"k:{key}" for key in self.keys] if self.state in ACTIVE else []
        return [f"i:{self.id}", *keys, *(f"t:{one.ticket}" for one in self.members)]

    @property
    def tickets(self) -> list[str]:
        return [one.ticket for one in self.members]

    @property
    def customers(self) -> int:
        return len({one.customer for one in self.members})

    @property
    def latest_news(self) -> BothLanguages:
        """The last update that customers read."""
        return next((one.text for one in reversed(self.updates) if not one.internal), BothLanguages())

    def admit(self, found: Iterable[Member]) -> list[Member]:
        """Those that are new to it, as far as there is room; they are in it then, with their keys."""
        known = {*self.tickets, *self.removed}
        news = [one for one in {one.ticket: one for one in found}.values() if one.ticket not in known]
        news = news[: MOST_TICKETS - len(self.members)]
        self.members.extend(news)
        self.learn(key for one in news for key in one.keys)
        return news

    def learn(self, keys: Iterable[Key]) -> None:
        """By which later tickets are recognised; a text only by being like one of its tickets."""
        more = (key.id for key in keys if key.kind in (KeyKind.FINGERPRINT, KeyKind.CODE))
        self.keys = list(dict.fromkeys((*self.keys, *more)))[:MOST_KEYS]

    def raise_priority(self, table: Mapping[int, Priority]) -> bool:
        """By its number of customers; whether it has risen. It never falls."""
        wanted = [priority for count, priority in table.items() if count <= self.customers]
        best = min(wanted, key=lambda one: RANK.get(one, UNRANKED), default=None)
        if best is None or (self.priority and RANK.get(best, UNRANKED) >= RANK.get(self.priority, UNRANKED)):
            return False
        self.priority = best
        return True

    def move(self, to: IncidentState, by: Actor, reason: str) -> None:
        self.state, self.decided_by, self.reason = to, by.sub, reason

    def ensure(self, *states: IncidentState) -> None:
        """Raises WrongState."""
        if self.state not in states:
            label = self.state.label
            raise WrongState(f"{self.id} is {label.en}", f"{self.id} 当前状态为“{label.zh}”")

    def forget(self, tickets: Collection[str]) -> list[Event]:
        """Whose these tickets were."""
        self.members = [
            one.model_copy(update={"customer": f"{ERASED} {one.ticket}", "reason": ""})
            if one.ticket in tickets
            else one
            for one in self.members
        ]
        return []


def title_of(keys: Iterable[Key], product: str, ticket: str) -> str:
    """What it is about as long as nobody has called it otherwise: no words of a customer, whom others do not know."""
    return next((key.name for key in keys if key.name), "") or product or ticket

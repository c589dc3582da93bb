"""The people who do the work: what they can do, what they hold, and who is given the next urgent ticket (P2.4).

Who holds what follows from the work items. A place is kept for a ticket before it is given, so that no limit is
passed; each place carries the version of the work item that it follows from, and of two the greater holds.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, Field, computed_field, model_validator

from shared.domain import Aggregate, Conflict, Value
from shared.events import Event
from shared.terms import Category, Term, Text

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MOST_GONE = 200  # tickets let go that are remembered, so that what is heard late does not bring them back
MOST_PROMISES = 50
MOST_CLAIMS = 100  # keys of claims that are remembered


class LimitReached(Conflict):
    title = Text("The engineer has no room for another ticket", "该工程师处理中的工单已达上限")


class Level(Term):
    ENGINEER = "engineer", "engineer", "工程师"
    SENIOR = "senior", "senior engineer", "资深工程师"


class Promise(Value):
    """A place for one ticket that is being given: as of this version of its work item, if that goes well. `made_by` is
    known only to who made it."""

    ticket: str
    version: int
    at: AwareDatetime
    made_by: str


class Claimed(Value):
    """The ticket for which a place was kept when the next one was asked for under this key."""

    key: str
    ticket: str


class Engineer(Aggregate):
    name: str = ""
    email: str = ""
    language: str = "zh"
    level: Level = Level.ENGINEER
    skills: list[str] = Field(default_factory=list)
    capacity: int = 10
    available: bool = False
    places: dict[str, int] = Field(default_factory=dict)  # ticket: version of its work item
    promises: list[Promise] = Field(default_factory=list)  # the newest of them, kept or not
    gone: dict[str, int] = Field(default_factory=dict)
    claims: list[Claimed] = Field(default_factory=list)
    last_assigned_at: AwareDatetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, state: Any) -> Any:
        """An older release kept numbers alone."""
        if isinstance(state, dict) and "places" not in state and "tickets" in state:
            return {**state, "places": dict.fromkeys(state["tickets"], 0)}
        return state

    @computed_field  # type: ignore[prop-decorator]
    @property
    def tickets(self) -> list[str]:
        """The open ones they hold, and those that they are being given."""
        return list(self.places)

    @property
    def open(self) -> int:
        return len(self.places)

    @property
    def is_senior(self) -> bool:
        return self.level is Level.SENIOR

    @property
    def is_full(self) -> bool:
        return len(self.places) >= self.capacity

    def fits(self, category: Category, product: str) -> bool:
        """Skills are categories or products; none named means all."""
        known = {skill.casefold() for skill in self.skills}
        return not known or category.value in known or product.casefold() in known

    # ---- places

    def promise(self, one: Promise, urgent: bool, key: str = "") -> list[Event]:
        """Keep a place for a ticket that is about to be given. Raises LimitReached, but for an urgent ticket and a
        senior: no urgent ticket waits for room."""
        if one.ticket not in self.places:
            if self.is_full and not (urgent and self.is_senior):
                raise LimitReached(
                    f"{self.name} holds {len(self.places)} tickets of {self.capacity}",
                    f"{self.name} 已持有 {len(self.places)} 个工单，上限为 {self.capacity} 个",
                )
            self.last_assigned_at = one.at
        self.places[one.ticket] = one.version
        self.promises = [*self._other_promises(one.ticket), one][-MOST_PROMISES:]
        if key:
            others = [claimed for claimed in self.claims if claimed.key != key]
            self.claims = [*others, Claimed(key=key, ticket=one.ticket)][-MOST_CLAIMS:]
        return []

    def break_promise(self, one: Promise) -> list[Event]:
        """The ticket was not given: its place is free again, unless it has been promised anew."""
        if one in self.promises:
            self.promises = self._other_promises(one.ticket)
            self.claims = [claimed for claimed in self.claims if claimed.ticket != one.ticket]
            if self.places.get(one.ticket) == one.version:
                del self.places[one.ticket]
        return []

    def hold(self, ticket: str, version: int, now: datetime) -> list[Event]:
        if version <= max(self.gone.get(ticket, -1), self.places.get(ticket, -1)):
            return []
        if ticket not in self.places:
            self.last_assigned_at = now
        self.places[ticket] = version
        return []

    def let_go(self, ticket: str, version: int) -> list[Event]:
        if version > self.gone.get(ticket, -1):
            others = [one for one in self.gone.items() if one[0] != ticket]
            self.gone = dict([*others, (ticket, version)][-MOST_GONE:])
        if self.places.get(ticket, version + 1) <= version:
            self.places.pop(ticket)
        return []

    def forget(self, ticket: str) -> list[Event]:
        """What was heard of this ticket before counts no more."""
        self.places.pop(ticket, None)
        self.gone.pop(ticket, None)
        self.promises = self._other_promises(ticket)
        return []

    def has_heard(self, ticket: str, version: int) -> bool:
        """Whether what they hold follows from this version of the work item or a later one."""
        return version <= max(self.gone.get(ticket, -1), self.places.get(ticket, -1))

    def promised(self, ticket: str) -> Promise | None:
        return next((one for one in self.promises if one.ticket == ticket), None)

    def claimed_with(self, key: str) -> str | None:
        return next((one.ticket for one in self.claims if one.key == key), None)

    def _other_promises(self, ticket: str) -> list[Promise]:
        return [one for one in self.promises if one.ticket != ticket]

    # ---- what a lead and they themselves say

    def describe(
        self, name: str, email: str, language: str, level: Level, skills: Sequence[str], capacity: int
    ) -> list[Event]:
        self.name, self.email, self.language = name, email, language
        self.level, self.skills, self.capacity = level, list(dict.fromkeys(skills)), capacity
        return []

    def be_available(self, available: bool) -> list[Event]:
        self.available = available
        return []


def choose(seniors: Iterable[Engineer], ticket: str, category: Category, product: str) -> Engineer | None:
    """Who already holds it; else the one with the fewest open, at best with room and skill, longest without a new one.

    Capacity does not keep an urgent ticket waiting.
    """

    def burden(one: Engineer) -> tuple[bool, bool, int, bool, datetime]:
        missing_skill = not one.fits(category, product)
        given_at = one.last_assigned_at or LONG_AGO
        return ticket not in one.places, one.is_full, len(one.places), missing_skill, given_at

    return min(seniors, key=burden, default=None)

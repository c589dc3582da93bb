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
MOST_CLAIMS = 100  # keys of claims that are remembered


class LimitReached(Conflict):
    title = Text("The engineer has no room for another ticket", "该工程师处理中的工单已达上限")


class Level(Term):
    ENGINEER = "engineer", "engineer", "工程师"
    SENIOR = "senior", "senior engineer", "资深工程师"


class Place(Value):
    """For one ticket, as of this version of its work item; kept since then. While the ticket is being given it has a
    `promise`, of which only who made it knows."""

    ticket: str
    version: int
    since: AwareDatetime
    promise: str = ""


class Gone(Value):
    ticket: str
    version: int


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
    places: list[Place] = Field(default_factory=list)
    gone: list[Gone] = Field(default_factory=list)
    claims: list[Claimed] = Field(default_factory=list)
    last_assigned_at: AwareDatetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, state: Any) -> Any:
        """An older release kept numbers alone."""
        if isinstance(state, dict) and "places" not in state and "tickets" in state:
            places = [{"ticket": ticket, "version": 0, "since": LONG_AGO} for ticket in state["tickets"]]
            return {**state, "places": places}
        return state

    @computed_field  # type: ignore[prop-decorator]
    @property
    def tickets(self) -> list[str]:
        """The open ones they hold, and those that they are being given."""
        return [place.ticket for place in self.places]

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

    def place_for(self, ticket: str) -> Place | None:
        return next((place for place in self.places if place.ticket == ticket), None)

    def keep(self, place: Place, urgent: bool, key: str = "") -> list[Event]:
        """A place for a ticket that is about to be given. Raises LimitReached, but for an urgent ticket and a senior:
        no urgent ticket waits for room."""
        if not self.place_for(place.ticket):
            if self.is_full and not (urgent and self.is_senior):
                raise LimitReached(
                    f"{self.name} holds {len(self.places)} tickets of {self.capacity}",
                    f"{self.name} 已持有 {len(self.places)} 个工单，上限为 {self.capacity} 个",
                )
            self.last_assigned_at = place.since
        self._put(place)
        if key:
            others = [one for one in self.claims if one.key != key]
            self.claims = [*others, Claimed(key=key, ticket=place.ticket)][-MOST_CLAIMS:]
        return []

    def give_up(self, place: Place) -> list[Event]:
        """The ticket was not given: its place is free again, unless it has been kept anew."""
        if place in self.places:
            self.places = [one for one in self.places if one != place]
            self.claims = [one for one in self.claims if one.ticket != place.ticket]
        return []

    def hold(self, ticket: str, version: int, now: datetime) -> list[Event]:
        there = self.place_for(ticket)
        if version <= self._gone(ticket) or (there and there.version >= version):
            return []
        self._put(Place(ticket=ticket, version=version, since=there.since if there else now))
        if not there:
            self.last_assigned_at = now
        return []

    def let_go(self, ticket: str, version: int) -> list[Event]:
        there = self.place_for(ticket)
        if version > self._gone(ticket):
            others = [one for one in self.gone if one.ticket != ticket]
            self.gone = [*others, Gone(ticket=ticket, version=version)][-MOST_GONE:]
        if there and there.version <= version:
            self.places = [one for one in self.places if one != there]
        return []

    def forget(self, ticket: str) -> list[Event]:
        """What was heard of this ticket before counts no more."""
        self.places = [one for one in self.places if one.ticket != ticket]
        self.gone = [one for one in self.gone if one.ticket != ticket]
        return []

    def has_heard(self, ticket: str, version: int) -> bool:
        """Whether what they hold follows from this version of the work item or a later one."""
        there = self.place_for(ticket)
        return version <= max(there.version if there else -1, self._gone(ticket))

    def claimed_with(self, key: str) -> str | None:
        return next((one.ticket for one in self.claims if one.key == key), None)

    def _put(self, place: Place) -> None:
        self.places = [*(one for one in self.places if one.ticket != place.ticket), place]

    def _gone(self, ticket: str) -> int:
        return next((one.version for one in self.gone if one.ticket == ticket), -1)

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
        return one.place_for(ticket) is None, one.is_full, len(one.places), missing_skill, given_at

    return min(seniors, key=burden, default=None)

"""The people who do the work: what they can do, what they hold, and who is given the next urgent ticket (P2.4)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate
from shared.events import Event
from shared.terms import Category, Term

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Level(Term):
    ENGINEER = "engineer", "engineer", "工程师"
    SENIOR = "senior", "senior engineer", "资深工程师"


class Engineer(Aggregate):
    """`tickets` are the open ones they hold: a set, so that telling it twice changes nothing."""

    name: str = ""
    email: str = ""
    language: str = "zh"
    level: Level = Level.ENGINEER
    skills: list[str] = Field(default_factory=list)
    capacity: int = 10
    available: bool = False
    tickets: list[str] = Field(default_factory=list)
    last_assigned_at: AwareDatetime | None = None

    @property
    def is_senior(self) -> bool:
        return self.level is Level.SENIOR

    def fits(self, category: Category, product: str) -> bool:
        """Skills are categories or products; none named means all."""
        known = {skill.casefold() for skill in self.skills}
        return not known or category.value in known or product.casefold() in known

    def hold(self, ticket: str, now: datetime) -> list[Event]:
        if ticket not in self.tickets:
            self.tickets.append(ticket)
            self.last_assigned_at = now
        return []

    def let_go(self, ticket: str) -> list[Event]:
        self.tickets = [one for one in self.tickets if one != ticket]
        return []

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
        full = len(one.tickets) >= one.capacity
        missing_skill = not one.fits(category, product)
        return ticket not in one.tickets, full, len(one.tickets), missing_skill, one.last_assigned_at or LONG_AGO

    return min(seniors, key=burden, default=None)

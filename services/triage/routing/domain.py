"""The people who do the work: what they can do, what they hold, and who gets the next urgent ticket (P2.4).

Who holds what follows from the work items. Capacity is reserved for a ticket before it is assigned, so that no limit
is exceeded; each ticket held carries the version of the work item that it follows from, and of two the greater holds.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, Field, computed_field, model_validator

from shared.domain import Aggregate, Conflict, Value
from shared.events import Event
from shared.terms import Category, Term, Text

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
MAX_RELEASED = 200  # released tickets that are remembered, so that what is heard late does not bring them back
MAX_RESERVATIONS = 50
MAX_CLAIMS = 100  # keys of claims that are remembered
RENAMED = {"places": "held", "promises": "reservations", "gone": "released"}


class LimitReached(Conflict):
    title = Text("The engineer is at capacity", "该工程师的工单数已达上限")


class Level(Term):
    ENGINEER = "engineer", "engineer", "工程师"
    SENIOR = "senior", "senior engineer", "资深工程师"


class Profile(Value):
    """What a lead enters about an engineer."""

    name: str
    email: str = ""
    language: str = "zh"
    level: Level = Level.ENGINEER
    skills: list[str] = Field(default_factory=list)
    capacity: int = 10


class Reservation(Value):
    """Capacity for one ticket that is being assigned, which gives its work item this version. `made_by` is known only
    to who made it."""

    ticket: str
    version: int
    at: AwareDatetime
    made_by: str


class ClaimKey(Value):
    """The ticket that was reserved when the next one was claimed under this idempotency key."""

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
    held: dict[str, int] = Field(default_factory=dict)  # ticket: version of its work item
    reservations: list[Reservation] = Field(default_factory=list)  # the newest of them, fulfilled or not
    released: dict[str, int] = Field(default_factory=dict)
    claims: list[ClaimKey] = Field(default_factory=list)
    last_assigned_at: AwareDatetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _migrated(cls, state: Any) -> Any:
        """Older releases had other names for the fields, or kept the numbers of tickets alone."""
        if not isinstance(state, dict):
            return state
        state = {RENAMED.get(name, name): value for name, value in state.items()}
        if "held" not in state and "tickets" in state:
            state["held"] = dict.fromkeys(state["tickets"], 0)
        return state

    @computed_field  # type: ignore[prop-decorator]
    @property
    def tickets(self) -> list[str]:
        """The open ones they hold, and those that are being assigned to them."""
        return list(self.held)

    @property
    def open(self) -> int:
        return len(self.held)

    @property
    def is_senior(self) -> bool:
        return self.level is Level.SENIOR

    @property
    def is_full(self) -> bool:
        return len(self.held) >= self.capacity

    def fits(self, category: Category, product: str) -> bool:
        """Skills are categories or products; none named means all."""
        known = {skill.casefold() for skill in self.skills}
        return not known or category.value in known or product.casefold() in known

    # ---- what they hold

    def reserve(self, one: Reservation, urgent: bool, key: str = "") -> list[Event]:
        """Capacity for a ticket that is about to be assigned. Raises LimitReached, but for an urgent ticket and a
        senior: no urgent ticket waits for capacity."""
        if one.ticket not in self.held:
            if self.is_full and not (urgent and self.is_senior):
                raise LimitReached(
                    f"{self.name} has {len(self.held)} tickets; the limit is {self.capacity}",
                    f"{self.name} 当前有 {len(self.held)} 个工单，上限为 {self.capacity} 个",
                )
            self.last_assigned_at = one.at
        self.held[one.ticket] = one.version
        self.reservations = [*self._other_reservations(one.ticket), one][-MAX_RESERVATIONS:]
        if key:
            others = [claim for claim in self.claims if claim.key != key]
            self.claims = [*others, ClaimKey(key=key, ticket=one.ticket)][-MAX_CLAIMS:]
        return []

    def cancel(self, one: Reservation) -> list[Event]:
        """The ticket was not assigned: its capacity is free again, unless it has been reserved anew."""
        if one in self.reservations:
            self.reservations = self._other_reservations(one.ticket)
            self.claims = [claim for claim in self.claims if claim.ticket != one.ticket]
            if self.held.get(one.ticket) == one.version:
                del self.held[one.ticket]
        return []

    def hold(self, ticket: str, version: int, now: datetime) -> list[Event]:
        if self.knows(ticket, version):
            return []
        if ticket not in self.held:
            self.last_assigned_at = now
        self.held[ticket] = version
        return []

    def release(self, ticket: str, version: int) -> list[Event]:
        if version > self.released.get(ticket, -1):
            others = [one for one in self.released.items() if one[0] != ticket]
            self.released = dict([*others, (ticket, version)][-MAX_RELEASED:])
        if self.held.get(ticket, version + 1) <= version:
            self.held.pop(ticket)
        return []

    def forget(self, ticket: str) -> list[Event]:
        """What was heard of this ticket before counts no more."""
        self.held.pop(ticket, None)
        self.released.pop(ticket, None)
        self.reservations = self._other_reservations(ticket)
        return []

    def knows(self, ticket: str, version: int) -> bool:
        """Whether what they hold follows from this version of the work item or a later one."""
        return version <= max(self.released.get(ticket, -1), self.held.get(ticket, -1))

    def reservation_of(self, ticket: str) -> Reservation | None:
        return next((one for one in self.reservations if one.ticket == ticket), None)

    def claimed_ticket(self, key: str) -> str | None:
        return next((one.ticket for one in self.claims if one.key == key), None)

    def _other_reservations(self, ticket: str) -> list[Reservation]:
        return [one for one in self.reservations if one.ticket != ticket]

    # ---- what a lead and they themselves say

    def describe(self, profile: Profile) -> list[Event]:
        self.name, self.email, self.language = profile.name, profile.email, profile.language
        self.level, self.skills, self.capacity = profile.level, list(dict.fromkeys(profile.skills)), profile.capacity
        return []

    def set_available(self, available: bool) -> list[Event]:
        self.available = available
        return []


def least_loaded(seniors: Iterable[Engineer], ticket: str, category: Category, product: str) -> Engineer | None:
    """Who already holds it; else the one with the fewest open, at best with capacity and skill, longest without a new
    one. Capacity does not keep an urgent ticket waiting."""

    def load(one: Engineer) -> tuple[bool, bool, int, bool, datetime]:
        lacks_skill = not one.fits(category, product)
        return ticket not in one.held, one.is_full, len(one.held), lacks_skill, one.last_assigned_at or NEVER

    return min(seniors, key=load, default=None)

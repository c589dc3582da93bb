"""The people who do the work: what they can do, when they are on duty, and what they hold (P2.4).

Who holds what follows from the work items. Capacity is reserved for a ticket before it is assigned, so that no limit
is exceeded; each ticket held carries the version of the work item that it follows from, and of two the greater holds.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, computed_field, model_validator

from services.triage.routing.duty import ZONE, Leave, OnCall, Shifts, Zone, zone_of
from services.triage.routing.skills import Skill, level_for, migrated, unique
from shared.domain import Aggregate, Conflict, Value
from shared.events import Event
from shared.terms import Id, Line, Number, OptionalLine, Term, Text, Whole

MAX_RELEASED = 200  # released tickets that are remembered, so that what is heard late does not bring them back
MAX_RESERVATIONS = 50
MAX_CLAIMS = 100  # keys of claims that are remembered
RENAMED = {"places": "held", "promises": "reservations", "gone": "released"}


class CannotTake(Conflict):
    """Why an engineer may not be given a ticket."""


class LimitReached(CannotTake):
    title = Text("The engineer is at capacity", "该工程师的工单数已达上限")


class OffDuty(CannotTake):
    title = Text("The engineer is not on duty", "该工程师当前不在班")


class Deactivated(CannotTake):
    title = Text("The engineer has been deactivated", "该工程师已停用")


class Level(Term):
    ENGINEER = "engineer", "engineer", "工程师"
    SENIOR = "senior", "senior engineer", "资深工程师"


class Profile(Value):
    """What a lead enters about an engineer."""

    name: Line
    """Their name"""
    email: OptionalLine = ""
    """Where they are told of their tickets"""
    language: str = Field("zh", pattern=r"^(zh|en)$")
    """zh or en"""
    level: Level = Level.ENGINEER
    """Urgent tickets go to seniors"""
    skills: list[Skill] = Field(default_factory=list, max_length=50)
    """What they take first; none named means everything"""
    capacity: Annotated[Whole, Field(ge=1, le=200)] = 10
    """How many open tickets they may have: nobody is ever given more"""
    weight: Annotated[Number, Field(ge=0.1, le=10)] = 1.0
    """Their share of the work compared with others: 0.5 for half as much"""
    teams: list[Id] = Field(default_factory=list, max_length=20)
    """The teams whose tickets they take; none named means all"""
    zone: Zone = ZONE
    """Their time zone, for shifts and leave"""
    shifts: Shifts | None = None
    """When they work; null: always"""
    leave: list[Leave] = Field(default_factory=list, max_length=100)
    """When they are away"""
    on_call: list[OnCall] = Field(default_factory=list, max_length=100)
    """When they are on call"""


class HandOver(Value):
    """What becomes of the tickets of who was deactivated: they go to `to`, as far as they may; else to the queue."""

    to: str
    reason: str
    by: str
    by_name: str
    at: AwareDatetime


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
    skills: list[Skill] = Field(default_factory=list)
    capacity: int = 10
    weight: float = 1.0
    teams: list[str] = Field(default_factory=list)
    zone: str = ZONE
    shifts: Shifts | None = None
    leave: list[Leave] = Field(default_factory=list)
    on_call: list[OnCall] = Field(default_factory=list)
    available: bool = False
    active: bool = True
    hand_over: HandOver | None = None
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
        if "skills" in state:
            state["skills"] = migrated(state["skills"])
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

    def skill_for(self, category: str, product: str, module: str) -> int:
        """From 1 to 5; 0 when they lack it."""
        return level_for(self.skills, category, product, module)

    def is_in(self, team: str) -> bool:
        """A ticket without a team is everybody's, and who names no team takes those of all."""
        return not team or not self.teams or team in self.teams

    # ---- when they work

    def is_on_leave(self, now: datetime) -> bool:
        return any(one.covers(zone_of(self.zone), now) for one in self.leave)

    def is_on_shift(self, now: datetime) -> bool:
        if not self.active or self.is_on_leave(now):
            return False
        return self.shifts is None or self.shifts.has(now.astimezone(zone_of(self.zone)))

    def is_on_call(self, now: datetime) -> bool:
        return self.active and not self.is_on_leave(now) and any(one.start <= now < one.end for one in self.on_call)

    def ensure_on_duty(self, urgent: bool, now: datetime) -> None:
        """Raises Deactivated, OffDuty. Who is on call takes urgent tickets only."""
        if not self.active:
            raise Deactivated(f"{self.name} has been deactivated", f"{self.name} 已停用")
        if not (self.is_on_shift(now) or (urgent and self.is_on_call(now))):
            raise OffDuty(f"{self.name} is not on shift now", f"{self.name} 当前不在班")

    def may_take(self, urgent: bool, now: datetime) -> bool:
        """Whether they would be given one more."""
        return not self.is_full and (self.is_on_shift(now) or (urgent and self.is_on_call(now)))

    # ---- what they hold

    def reserve(self, one: Reservation, urgent: bool, key: str = "") -> list[Event]:
        """Capacity for a ticket that is about to be assigned. Raises LimitReached, OffDuty, Deactivated: also for an
        urgent ticket, for which others are on call."""
        self.ensure_on_duty(urgent, one.at)
        if one.ticket not in self.held:
            if self.is_full:
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

    def describe(self, facts: Mapping[str, Any]) -> list[Event]:
        """Fields of Profile; those that are not there stay as they are."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.skills, self.teams = unique(self.skills), list(dict.fromkeys(self.teams))
        return []

    def set_available(self, available: bool) -> list[Event]:
        """Raises Deactivated."""
        if available and not self.active:
            raise Deactivated(f"{self.name} has been deactivated", f"{self.name} 已停用")
        self.available = available
        return []

    def deactivate(self, hand_over: HandOver) -> list[Event]:
        """What they hold is handed over afterwards, ticket by ticket."""
        if self.active:
            self.active, self.available, self.hand_over = False, False, hand_over
        return []

    def activate(self) -> list[Event]:
        self.active, self.hand_over = True, None
        return []

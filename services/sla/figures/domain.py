"""What figures need of one ticket, and the day under which it is counted."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Listener, Value
from shared.events import Event
from shared.terms import Category, Channel, Outcome, Priority, Satisfaction

MOST = 20  # fingerprints and tags that are kept of a ticket
MOST_TIMES = 100  # how often one thing is counted of a ticket
COUNT_AFTER = timedelta(seconds=5)
COUNT_AFTER_EACH = timedelta(milliseconds=10)


class ClockResult(Value):
    """Of one clock of a ticket, `elapsed_ms` by its own time; `at_risk`: it runs, is not late, but will be soon."""

    elapsed_ms: int = 0
    met_at: AwareDatetime | None = None
    breached_at: AwareDatetime | None = None
    is_open: bool = False
    at_risk: bool = False


class TicketRecord(Listener):
    """`day` is the one on which it was opened, in the desk's zone; empty while the opening was not received. What is
    counted (`reopened` …) is kept as the revisions that say it, so that none counts twice. `read_at` is the version of
    the ticket's clocks that `clocks` were read at. No personal data: the company is the customer here."""

    day: str = ""
    opened_at: AwareDatetime | None = None
    assigned_at: AwareDatetime | None = None
    resolved_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    company: str = ""
    tier: str = ""
    channel: Channel | None = None
    product: str = ""
    product_version: str = ""
    module: str = ""
    category: Category | None = None
    priority: Priority | None = None
    team: str = ""
    engineer: str = ""
    outcome: Outcome | None = None
    satisfaction: Satisfaction | None = None
    cause: str = ""
    reopened: list[int] = Field(default_factory=list)
    rejected: list[int] = Field(default_factory=list)
    failed: list[int] = Field(default_factory=list)
    consulted: list[int] = Field(default_factory=list)
    third_parties: list[int] = Field(default_factory=list)
    fingerprints: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    clocks: dict[str, ClockResult] = Field(default_factory=dict)
    call_backs: list[ClockResult] = Field(default_factory=list)
    read_at: int = 0
    disputed: bool = False
    open: bool = False

    def note(self, what: str, revision: int) -> None:
        """That it happened in this revision."""
        known: list[int] = getattr(self, what)
        if revision not in known and len(known) < MOST_TIMES:
            setattr(self, what, sorted([*known, revision]))

    def name(self, what: str, names: list[str]) -> None:
        """Those of them that are not known yet, as far as there is room."""
        known: list[str] = getattr(self, what)
        setattr(self, what, sorted({*known, *(one[:200] for one in names if one)})[:MOST])

    def update_open(self) -> None:
        """What follows from the rest."""
        self.open = bool(self.opened_at) and not self.completed_at and not self.disputed


class Day(Aggregate):
    """A day of which tickets were opened. It is `marked` each time one of its records was written, and counted when it
    is due; `counted` is the mark as of which that was done, and `records` how many it was made of then."""

    marked: int = 0
    counted: int = 0
    records: int = 0
    due_at: AwareDatetime | None = None

    def mark(self, now: datetime) -> list[Event]:
        """What changes until it is due is counted with it."""
        self.marked += 1
        self.due_at = self.due_at or now + self.pause
        return []

    def count(self, mark: int, records: int, now: datetime) -> list[Event]:
        self.counted, self.records = max(self.counted, mark), records
        self.due_at = None if self.counted >= self.marked else now + self.pause
        return []

    @property
    def pause(self) -> timedelta:
        """All of its records are read to count it: the more there are, the less often."""
        return max(COUNT_AFTER, COUNT_AFTER_EACH * self.records)


class DaySums(Aggregate):
    """Of one day and one dimension: for each value of it what was counted, as pairs, because keys may hold anything.
    `counted` is the mark of the day as of which this was done: older sums never replace newer ones."""

    counted: int = 0
    sums: list[tuple[str, list[tuple[str, int]]]] = Field(default_factory=list)


def sums_id(day: str, dimension: str) -> str:
    return f"{day}/{dimension}"

"""One improvement: what a review led to, until when it is to be done, and by whom."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime

from shared.domain import Aggregate, Conflict, Value
from shared.events import Event
from shared.events.sla_reviews import SlaImprovementDue, SlaImprovementRaised
from shared.terms import Term, Text

REMIND_BEFORE = timedelta(days=3)
REMIND_AGAIN = timedelta(days=7)


class Kind(Term):
    PRODUCT_FIX = "product_fix", "product fix", "产品修复"
    MANUAL = "manual", "manual", "完善手册"
    WORDING = "wording", "wording", "优化话术"
    PROCESS_STEP = "process_step", "process step", "流程改进"


class State(Term):
    OPEN = "open", "open", "进行中"
    DONE = "done", "done", "已完成"
    DROPPED = "dropped", "dropped", "已放弃"


Ended = Literal[State.DONE, State.DROPPED]


class Baseline(Value):
    """How many tickets there were with this value of a dimension, in how many days, when the improvement was raised."""

    dimension: str
    """`category`, `module`, `fingerprint`, `tag` or `cause`"""
    value: str
    """Which of them"""
    tickets: int
    """How many tickets it had"""
    days: int
    """In how many days"""


class Measured(Value):
    """How it went since: by tickets a day."""

    tickets: int
    """How many tickets there were in the later period"""
    days: int
    """In how many days"""
    change: float | None
    """From then to now, -0.38 is 38 % less; null where there were none then"""


class AlreadyEnded(Conflict):
    title = Text("The improvement has ended", "该改进项已结束")


class Improvement(Aggregate):
    """`due_at` is when its owner is reminded next."""

    kind: Kind
    title: str
    review: str
    baseline: Baseline
    owner: str
    due_on: date
    raised_by: str
    raised_at: AwareDatetime
    state: State = State.OPEN
    result: str = ""
    ended_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None

    def raised(self, midnight: datetime, now: datetime) -> list[Event]:
        """`midnight` is when its day begins."""
        self.due_at = max(midnight - REMIND_BEFORE, now + timedelta(days=1))
        return [SlaImprovementRaised(subject=self.id, time=now, **self._event_fields())]

    def change(self, owner: str | None, due_on: date | None, midnight: datetime | None, now: datetime) -> list[Event]:
        """A new owner is told as the first one was. Raises AlreadyEnded."""
        self._check_open()
        is_new = bool(owner) and owner != self.owner
        self.owner = owner or self.owner
        if due_on and midnight:
            self.due_on, self.due_at = due_on, max(midnight - REMIND_BEFORE, now + timedelta(days=1))
        return [SlaImprovementRaised(subject=self.id, time=now, **self._event_fields())] if is_new else []

    def end(self, state: Ended, result: str, now: datetime) -> list[Event]:
        """Raises AlreadyEnded."""
        self._check_open()
        self.state, self.result, self.ended_at, self.due_at = state, result, now, None
        return []

    def remind(self, today: date, now: datetime) -> list[Event]:
        if self.state is not State.OPEN or self.due_at is None or self.due_at > now:
            return []
        self.due_at = now + REMIND_AGAIN
        return [SlaImprovementDue(subject=self.id, time=now, overdue=today > self.due_on, **self._event_fields())]

    def measured(self, tickets: int, days: int) -> Measured:
        """With so many tickets in a later period."""
        before = self.baseline.tickets / self.baseline.days
        change = round(tickets / days / before - 1, 4) if before else None
        return Measured(tickets=tickets, days=days, change=change)

    def _event_fields(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "improvement_kind": self.kind.value,
            "owner": self.owner,
            "due_on": self.due_on.isoformat(),
            "review": self.review,
        }

    def _check_open(self) -> None:
        if self.state is not State.OPEN:
            raise AlreadyEnded(f"{self.id} is {self.state.label.en}", f"改进项 {self.id} {self.state.label.zh}")

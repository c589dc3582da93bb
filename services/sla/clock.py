"""One clock: a target, and a ledger of what was run and what was paused. All else follows from the ledger."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.sla.calendar import MILLISECOND, WorkingTime
from shared.domain import Value
from shared.terms import Term

WARN_AT = 0.8  # of the target


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class SegmentKind(Term):
    RUN = "run", "running", "计时"
    PAUSE = "pause", "paused", "暂停"
    CARRY = "carry", "carried over to a new target", "结转到新目标"
    REOPEN = "reopen", "between closing and reopening", "关闭至重新打开"


class Why(Term):
    """Why a segment began."""

    STARTED = "started", "started", "开始"
    RESUMED = "resumed", "resumed", "恢复"
    CUSTOMER_INFORMATION = "customer_information", "waiting for the customer's information", "等待客户补充信息"
    CUSTOMER_VERIFICATION = "customer_verification", "waiting for the customer's verification", "等待客户验证"
    RETARGETED = "retargeted", "the priority changed", "优先级变更"
    REOPENED = "reopened", "the ticket was reopened", "工单重新打开"


class Segment(Value):
    """Only run segments count; `milliseconds` is what a closed one counted, in its own kind of time."""

    kind: SegmentKind
    why: Why
    start: AwareDatetime
    end: AwareDatetime | None = None
    business_time: bool = False
    milliseconds: int = 0


class Target(Value):
    """So much time, of the wall clock or of the calendar."""

    seconds: int
    business_time: bool

    @property
    def milliseconds(self) -> int:
        return self.seconds * 1000


class Clock(Value):
    """A late clock still runs until it is met. `due_at` is when the target runs out (None while a pause puts that
    off); the three marks say what has been told, and are separate from the state."""

    target: Target
    state: State = State.RUNNING
    due_at: AwareDatetime | None = None
    warn_at: AwareDatetime | None = None
    warned_at: AwareDatetime | None = None
    breached_at: AwareDatetime | None = None
    met_at: AwareDatetime | None = None
    elapsed_ms: int = 0
    ledger: list[Segment] = Field(default_factory=list)

    @classmethod
    def start(cls, target: Target, at: datetime, hours: WorkingTime) -> "Clock":
        clock = cls(target=target)
        clock._begin(SegmentKind.RUN, Why.STARTED, at)
        clock._reckon(hours)
        return clock

    # ---- what happens to it; what does not fit its state changes nothing

    def pause(self, why: Why, at: datetime, hours: WorkingTime) -> None:
        if self.state is not State.RUNNING:
            return
        self._begin(SegmentKind.PAUSE, why, self._end(at, hours))
        self.state = State.PAUSED
        self._reckon(hours)

    def resume(self, at: datetime, hours: WorkingTime) -> None:
        if self.state is not State.PAUSED:
            return
        self._begin(SegmentKind.RUN, Why.RESUMED, self._end(at, hours))
        self.state = State.RUNNING
        self._reckon(hours)

    def retarget(self, target: Target, at: datetime, hours: WorkingTime) -> None:
        """What has elapsed is carried over; a clock that stopped stays judged by the target that held then."""
        if self.state is State.STOPPED or target == self.target:
            return
        last = self.ledger[-1]
        at = self._end(at, hours)
        self.target = target
        self.ledger.append(Segment(kind=SegmentKind.CARRY, why=Why.RETARGETED, start=at, end=at))
        self._begin(last.kind, Why.RETARGETED if self.state is State.RUNNING else last.why, at)
        self._reckon(hours)

    def stop(self, at: datetime, hours: WorkingTime, met: bool) -> None:
        """A clock that was stopped without being met was still met if that happened before, and is heard later."""
        last_end = self.ledger[-1].end
        if self.state is State.STOPPED and (self.met_at or not met or (last_end and at > last_end)):
            return
        at = self._end(at, hours)
        self.state = State.STOPPED
        self.met_at = at if met else None
        self._reckon(hours)

    def reopen(self, at: datetime, hours: WorkingTime) -> None:
        """Run on from what had elapsed; the time in between does not count."""
        if self.state is not State.STOPPED:
            self.resume(at, hours)
            return
        self._begin(SegmentKind.REOPEN, Why.REOPENED, self.ledger[-1].end or at)
        self._begin(SegmentKind.RUN, Why.REOPENED, self._end(at, hours))
        self.state, self.met_at = State.RUNNING, None
        self._reckon(hours)

    def recount(self, hours: WorkingTime) -> None:
        """Count again after the calendar changed; a clock that stopped stays as it was counted."""
        if self.state is State.STOPPED:
            return
        for segment in self.ledger:
            if segment.kind is SegmentKind.RUN and segment.end:
                segment.milliseconds = _passed(segment, segment.end, hours)
        self._reckon(hours)

    # ---- what it says

    @property
    def is_open(self) -> bool:
        return self.state is not State.STOPPED

    def elapsed(self, now: datetime, hours: WorkingTime) -> int:
        """Milliseconds: the sum of the run segments."""
        last = self.ledger[-1]
        running = self.state is State.RUNNING and now > last.start
        return self.elapsed_ms + (_passed(last, now, hours) if running else 0)

    @property
    def within_target(self) -> bool | None:
        """None while it is still open and not late."""
        if self.breached_at:
            return False
        return True if self.met_at else None

    @property
    def next_moment(self) -> datetime | None:
        """When it has something to tell next: that time is running out, then that it is late."""
        if self.state is not State.RUNNING or self.breached_at:
            return None
        return self.due_at if self.warned_at else self.warn_at

    def mark(self, now: datetime) -> "Mark":
        """Note what has come to pass by `now`, and unsay what a pause or another target put off again."""
        was_late, was_warned = self.breached_at, self.warned_at
        self.breached_at = _come(self.due_at, was_late, now)
        self.warned_at = _come(self.warn_at, was_warned, now)
        if self.breached_at:
            return Mark.NOTHING if was_late else Mark.BREACHED
        return Mark.WARNED if self.warned_at and not (was_warned or was_late) else Mark.NOTHING

    # ---- inside

    def _begin(self, kind: SegmentKind, why: Why, at: datetime) -> None:
        business_time = kind is SegmentKind.RUN and self.target.business_time
        self.ledger.append(Segment(kind=kind, why=why, start=at, business_time=business_time))

    def _end(self, at: datetime, hours: WorkingTime) -> datetime:
        """End the open segment; a moment before its start (a fact that was overtaken) counts as its start."""
        last = self.ledger[-1]
        last.end = max(at, last.start)
        if last.kind is SegmentKind.RUN:
            last.milliseconds = _passed(last, last.end, hours)
        return last.end

    def _reckon(self, hours: WorkingTime) -> None:
        self.elapsed_ms = sum(s.milliseconds for s in self.ledger if s.kind is SegmentKind.RUN)
        self.due_at = self._when(self.target.milliseconds, hours)
        self.warn_at = self._when(round(self.target.milliseconds * WARN_AT), hours)

    def _when(self, milliseconds: int, hours: WorkingTime) -> datetime | None:
        """The moment at which so much has run, in the past or in the open segment; None if no segment leads there."""
        left = milliseconds
        for segment in self.ledger:
            if segment.kind is not SegmentKind.RUN:
                continue
            if segment.end is None or segment.milliseconds >= left:
                if segment.business_time:
                    return hours.add(segment.start, left)
                return segment.start + timedelta(milliseconds=left)
            left -= segment.milliseconds
        return None


class Mark(StrEnum):
    NOTHING = "nothing"
    WARNED = "warned"
    BREACHED = "breached"


def _come(moment: datetime | None, told: datetime | None, now: datetime) -> datetime | None:
    """The moment, if it has come; one that was told stays told, though the fact at hand may be older."""
    return moment if moment and (moment <= now or moment == told) else None


def _passed(segment: Segment, end: datetime, hours: WorkingTime) -> int:
    return hours.between(segment.start, end) if segment.business_time else (end - segment.start) // MILLISECOND

"""One SLA clock: a target, and a ledger of when it ran and when it was paused. All else follows from the ledger."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.sla.calendars.domain import MILLISECOND
from services.sla.calendars.working_time import WorkingTime
from services.sla.policies.targets import TargetDuration
from shared.domain import Value
from shared.terms import Term

WARN_AT = 0.8  # of the target


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class SegmentKind(Term):
    RUN = "run", "running", "计时中"
    PAUSE = "pause", "paused", "已暂停"
    CARRY = "carry", "carried over to a new target", "结转至新目标"
    REOPEN = "reopen", "while the ticket was closed", "工单关闭期间"


class Reason(Term):
    """Why a segment began."""

    STARTED = "started", "started", "开始计时"
    RESUMED = "resumed", "resumed", "恢复计时"
    CUSTOMER_INFORMATION = "customer_information", "waiting for information from the customer", "等待客户补充信息"
    CUSTOMER_VERIFICATION = "customer_verification", "waiting for verification by the customer", "等待客户验证"
    RETARGETED = "retargeted", "priority changed", "优先级变更"
    REOPENED = "reopened", "ticket reopened", "工单重新打开"


BEGINNINGS = (Reason.STARTED, Reason.REOPENED)


class Segment(Value):
    """Only run segments count; `milliseconds` is what a closed one counted, in its own kind of time."""

    kind: SegmentKind
    why: Reason
    start: AwareDatetime
    end: AwareDatetime | None = None
    business_time: bool = False
    milliseconds: int = 0


class Clock(Value):
    """A late clock still runs until it is met. What happens to it is written in its ledger; `count` says what follows:
    `due_at` is when the target runs out, or ran out (None while a pause puts that off), `provisional` that it is among
    days whose list is not announced yet; and `mark` what of that has come to pass."""

    target: TargetDuration
    state: ClockState = ClockState.RUNNING
    due_at: AwareDatetime | None = None
    warn_at: AwareDatetime | None = None
    warned_at: AwareDatetime | None = None
    breached_at: AwareDatetime | None = None
    met_at: AwareDatetime | None = None
    provisional: bool = False
    elapsed_ms: int = 0
    ledger: list[Segment] = Field(default_factory=list)

    @classmethod
    def start(cls, target: TargetDuration, at: datetime) -> "Clock":
        clock = cls(target=target)
        clock._begin(SegmentKind.RUN, Reason.STARTED, at)
        return clock

    # ---- what happens to it, in its order; what does not fit its state changes nothing

    def pause(self, reason: Reason, at: datetime) -> None:
        if self.state is ClockState.RUNNING:
            self._begin(SegmentKind.PAUSE, reason, self._end(at))
            self.state = ClockState.PAUSED

    def resume(self, at: datetime) -> None:
        if self.state is ClockState.PAUSED:
            self._begin(SegmentKind.RUN, Reason.RESUMED, self._end(at))
            self.state = ClockState.RUNNING

    def retarget(self, target: TargetDuration, at: datetime) -> None:
        """What has elapsed is carried over; a clock that stopped stays judged by the target that held then."""
        if self.state is ClockState.STOPPED or target == self.target:
            return
        last = self.ledger[-1]
        at = self._end(at)
        self.target = target
        self.ledger.append(Segment(kind=SegmentKind.CARRY, why=Reason.RETARGETED, start=at, end=at))
        self._begin(last.kind, Reason.RETARGETED if self.state is ClockState.RUNNING else last.why, at)

    def stop(self, at: datetime, met: bool) -> None:
        if self.state is not ClockState.STOPPED:
            at = self._end(at)
            self.state = ClockState.STOPPED
            self.met_at = at if met else None

    def reopen(self, target: TargetDuration, at: datetime) -> None:
        """Run on from what had elapsed, towards this target; the time in between does not count."""
        if self.state is ClockState.STOPPED:
            stopped_at = self.stopped_at or at
            self._begin(SegmentKind.REOPEN, Reason.REOPENED, stopped_at)
            self._begin(SegmentKind.RUN, Reason.REOPENED, self._end(at))
            self.state, self.met_at = ClockState.RUNNING, None
        else:
            self.resume(at)
        self.retarget(target, at)

    # ---- what follows

    def count(self, hours: WorkingTime) -> None:
        """Sum up the ledger, working time by this table."""
        for segment in self.ledger:
            if segment.kind is SegmentKind.RUN and segment.end:
                segment.milliseconds = _duration_ms(segment, segment.end, hours)
        self.elapsed_ms = sum(s.milliseconds for s in self.ledger if s.kind is SegmentKind.RUN)
        self.due_at = self._moment_of(self.target.milliseconds, hours)
        self.warn_at = self._moment_of(round(self.target.milliseconds * WARN_AT), hours)
        self.provisional = bool(self.due_at and self.target.business_time and hours.is_provisional(self.due_at))

    def mark(self, seen_until: datetime) -> None:
        """Note what has come to pass by then, which is nothing that lies ahead of a clock that runs."""
        self.breached_at = self._reached(self.due_at, seen_until)
        self.warned_at = self._reached(self.warn_at, seen_until)

    @property
    def is_open(self) -> bool:
        return self.state is not ClockState.STOPPED

    @property
    def begun_at(self) -> datetime:
        """When it was started, or reopened for the last time."""
        begins = (s.start for s in reversed(self.ledger) if s.kind is SegmentKind.RUN and s.why in BEGINNINGS)
        return next(begins, self.ledger[0].start)

    @property
    def stopped_at(self) -> datetime | None:
        return None if self.is_open else self.ledger[-1].end

    def elapsed(self, now: datetime, hours: WorkingTime) -> int:
        """Milliseconds: the sum of the run segments."""
        last = self.ledger[-1]
        running = self.state is ClockState.RUNNING and now > last.start
        return self.elapsed_ms + (_duration_ms(last, now, hours) if running else 0)

    @property
    def within_target(self) -> bool | None:
        """None while it is still open and not late."""
        if self.breached_at:
            return False
        return True if self.met_at else None

    @property
    def next_moment(self) -> datetime | None:
        """When it warns, and then when it is breached."""
        if self.state is not ClockState.RUNNING or self.breached_at:
            return None
        return self.due_at if self.warned_at else self.warn_at

    # ---- inside

    def _begin(self, kind: SegmentKind, reason: Reason, at: datetime) -> None:
        business_time = kind is SegmentKind.RUN and self.target.business_time
        self.ledger.append(Segment(kind=kind, why=reason, start=at, business_time=business_time))

    def _end(self, at: datetime) -> datetime:
        """End the open segment; no moment is before its start."""
        last = self.ledger[-1]
        last.end = max(at, last.start)
        return last.end

    def _moment_of(self, milliseconds: int, hours: WorkingTime) -> datetime | None:
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

    def _reached(self, moment: datetime | None, seen_until: datetime) -> datetime | None:
        lies_ahead = self.state is ClockState.RUNNING and moment is not None and moment > seen_until
        return None if lies_ahead else moment


def _duration_ms(segment: Segment, end: datetime, hours: WorkingTime) -> int:
    return hours.between(segment.start, end) if segment.business_time else (end - segment.start) // MILLISECOND

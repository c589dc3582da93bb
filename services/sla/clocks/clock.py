"""One SLA clock: a target, and a ledger of when it ran and when it was paused. All else follows from the ledger."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, Field, model_validator

from services.sla.calendars.domain import MILLISECOND
from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.ledger import BEGINNINGS, Reason, Segment, SegmentKind
from services.sla.policies.ladder import WHOLE
from services.sla.policies.targets import TargetDuration
from shared.domain import Value
from shared.terms import Outcome, Term

WARNED_BY_OLDER_RELEASES = 80
AT_RISK = 75  # per cent of the target, where people are warned then
NOT_OURS = (Outcome.SPAM, Outcome.DUPLICATE, Outcome.WRONG_DESK)  # nobody owed anything to these


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Verdict(Term):
    """What the figures make of a clock."""

    RUNNING = "running", "still running", "计时中"
    MET = "met", "met in time", "按时完成"
    BREACHED = "breached", "missed", "已超时"
    EXCLUDED = "excluded", "not counted", "不计入考核"
    MEASURED = "measured", "measured only, there is no target", "仅计时，无目标"


class Standing(Term):
    """What people were warned of, and is so still."""

    BREACHED = "breached", "missed, and still not done", "已超时，尚未完成"
    AT_RISK = "at_risk", "will be missed soon", "即将超时"


class Rung(Value):
    """When so much of the target has run: of the ladder on which people are warned."""

    percent: int
    at: AwareDatetime | None = None


class Clock(Value):
    """A late clock still runs until it is met; one without a target is measured, and never late. What happens to it is
    written in its ledger; `count` says what follows: `due_at` is when the target runs out, or ran out (None while a
    pause puts that off without end), `rungs` when people are warned, `provisional` that it is among days whose list is
    not announced yet; and `mark` what of that has come to pass: `reached` is the highest rung. `fixed`: the target is
    its own, not the policy's. `closed_as` is how the ticket ended that stopped it unmet."""

    target: TargetDuration | None
    fixed: bool = False
    state: ClockState = ClockState.RUNNING
    due_at: AwareDatetime | None = None
    rungs: list[Rung] = Field(default_factory=list)
    reached: int = 0
    warned_at: AwareDatetime | None = None
    breached_at: AwareDatetime | None = None
    met_at: AwareDatetime | None = None
    closed_as: str = ""
    provisional: bool = False
    elapsed_ms: int = 0
    ledger: list[Segment] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _of_an_older_release(cls, doc: Any) -> Any:
        """Which warned once, at `warn_at`."""
        if isinstance(doc, dict) and "warn_at" in doc:
            reached = WARNED_BY_OLDER_RELEASES if doc.get("warned_at") else 0
            return {name: value for name, value in doc.items() if name != "warn_at"} | {"reached": reached}
        return doc

    @classmethod
    def start(cls, target: TargetDuration | None, at: datetime, fixed: bool = False) -> "Clock":
        clock = cls(target=target, fixed=fixed)
        clock._begin(SegmentKind.RUN, Reason.STARTED, at)
        return clock

    # ---- what happens to it, in its order; what does not fit its state changes nothing

    def pause(self, reason: Reason, at: datetime, longest: timedelta | None = None) -> None:
        """Not beyond `longest` in all; when that is used up the clock runs on."""
        if self.state is ClockState.RUNNING and (longest is None or self.paused < longest):
            until = None if longest is None else max(at, self.ledger[-1].start) + longest - self.paused
            self._begin(SegmentKind.PAUSE, reason, self._end(at))
            self.ledger[-1].until = until
            self.state = ClockState.PAUSED

    def resume(self, at: datetime) -> None:
        self.pass_time(at)
        if self.state is ClockState.PAUSED:
            self._begin(SegmentKind.RUN, Reason.RESUMED, self._end(at))
            self.state = ClockState.RUNNING

    def retarget(self, target: TargetDuration | None, at: datetime) -> None:
        """What has elapsed is carried over; a clock that stopped stays judged by the target that held then."""
        if self.state is ClockState.STOPPED or self.fixed or target == self.target:
            return
        self.pass_time(at)
        last = self.ledger[-1]
        at = self._end(at)
        self.target = target
        self.ledger.append(Segment(kind=SegmentKind.CARRY, why=Reason.RETARGETED, start=at, end=at))
        self._begin(last.kind, Reason.RETARGETED if self.state is ClockState.RUNNING else last.why, at)
        self.ledger[-1].until = last.until

    def stop(self, at: datetime, met: bool, closed_as: str = "") -> None:
        self.pass_time(at)
        if self.state is not ClockState.STOPPED:
            at = self._end(at)
            self.state = ClockState.STOPPED
            self.met_at = at if met else None
            self.closed_as = "" if met else closed_as

    def reopen(self, target: TargetDuration | None, at: datetime) -> None:
        """Run on from what had elapsed, towards this target; the time in between does not count."""
        if self.state is ClockState.STOPPED:
            stopped_at = self.stopped_at or at
            self._begin(SegmentKind.REOPEN, Reason.REOPENED, stopped_at)
            self._begin(SegmentKind.RUN, Reason.REOPENED, self._end(at))
            self.state, self.met_at, self.closed_as = ClockState.RUNNING, None, ""
        else:
            self.resume(at)
        self.retarget(target, at)

    def pass_time(self, now: datetime) -> None:
        """A pause that has used up what was allowed is over by itself."""
        until = self.ledger[-1].until
        if self.state is ClockState.PAUSED and until and until <= now:
            self._begin(SegmentKind.RUN, Reason.CAPPED, self._end(until))
            self.state = ClockState.RUNNING

    # ---- what follows

    def count(self, hours: WorkingTime, ladder: Sequence[int] = ()) -> None:
        """Sum up the ledger, working time by this table; `ladder`: at how many per cent people are warned."""
        for segment in self.ledger:
            if segment.kind is SegmentKind.RUN and segment.end:
                segment.milliseconds = _duration_ms(segment, segment.end, hours)
        self.elapsed_ms = sum(s.milliseconds for s in self.ledger if s.kind is SegmentKind.RUN)
        if self.target is None:
            self.due_at, self.rungs, self.provisional = None, [], False
            return
        target = self.target.milliseconds
        self.rungs = [
            Rung(percent=percent, at=self._moment_of(round(target * percent / WHOLE), hours))
            for percent in sorted({*ladder, WHOLE})
        ]
        self.due_at = next(rung.at for rung in self.rungs if rung.percent == WHOLE)
        self.provisional = bool(self.due_at and self.target.business_time and hours.is_provisional(self.due_at))

    def mark(self, seen_until: datetime) -> None:
        """Note what has come to pass by then, which is nothing that lies ahead of a clock that is open."""
        self.pass_time(seen_until)
        passed = [rung for rung in self.rungs if self._reached(rung.at, seen_until)]
        self.breached_at = self._reached(self.due_at, seen_until)
        self.reached = passed[-1].percent if passed else 0
        self.warned_at = next((rung.at for rung in passed if rung.percent < WHOLE), None)

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
    def paused(self) -> timedelta:
        """In all, by the wall clock, but for a pause that goes on."""
        ended = ((s.start, s.end) for s in self.ledger if s.kind is SegmentKind.PAUSE and s.end)
        return sum((end - start for start, end in ended), timedelta())

    @property
    def within_target(self) -> bool | None:
        """None while it is still open and not late, and where nothing is judged."""
        if self.breached_at:
            return False
        return True if self.met_at and self.target else None

    @property
    def verdict(self) -> Verdict:
        """Every clock that has stopped has one. Nothing was owed to a duplicate or to spam; else one that was late when
        the ticket was closed is missed, and one that was not is not counted."""
        if self.target is None:
            return Verdict.MEASURED
        if self.state is ClockState.STOPPED and not self.met_at:
            owed = self.breached_at and self.closed_as not in NOT_OURS
            return Verdict.BREACHED if owed else Verdict.EXCLUDED
        if self.breached_at:
            return Verdict.BREACHED
        return Verdict.MET if self.met_at else Verdict.RUNNING

    @property
    def standing(self) -> Standing | None:
        if self.target is None or not self.is_open:
            return None
        if self.breached_at:
            return Standing.BREACHED
        is_soon = self.state is ClockState.RUNNING and self.reached >= AT_RISK
        return Standing.AT_RISK if is_soon else None

    @property
    def next_moment(self) -> datetime | None:
        """When it comes to the next rung, or a pause is over by itself."""
        if self.state is ClockState.PAUSED:
            return self.ledger[-1].until
        if self.state is ClockState.STOPPED:
            return None
        return min((rung.at for rung in self.rungs if rung.percent > self.reached and rung.at), default=None)

    def rung_at(self, percent: int) -> datetime | None:
        return next((rung.at for rung in self.rungs if rung.percent == percent), None)

    # ---- inside

    def _begin(self, kind: SegmentKind, reason: Reason, at: datetime) -> None:
        business_time = kind is SegmentKind.RUN and self.target is not None and self.target.business_time
        self.ledger.append(Segment(kind=kind, why=reason, start=at, business_time=business_time))

    def _end(self, at: datetime) -> datetime:
        """End the open segment; no moment is before its start."""
        last = self.ledger[-1]
        last.end = max(at, last.start)
        return last.end

    def _moment_of(self, milliseconds: int, hours: WorkingTime) -> datetime | None:
        """The moment at which so much has run, in the past, in the open segment or behind it; None if no segment leads
        there."""
        left, business_time = milliseconds, self.target is not None and self.target.business_time
        for segment in self.ledger:
            begins = segment.start
            if segment.end is None and segment.until:
                begins = segment.until
            elif segment.kind is not SegmentKind.RUN:
                continue
            else:
                business_time = segment.business_time
            if segment.end is None or segment.milliseconds >= left:
                return hours.add(begins, left) if business_time else begins + timedelta(milliseconds=left)
            left -= segment.milliseconds
        return None

    def _reached(self, moment: datetime | None, seen_until: datetime) -> datetime | None:
        return None if self.is_open and moment is not None and moment > seen_until else moment


def _duration_ms(segment: Segment, end: datetime, hours: WorkingTime) -> int:
    return hours.between(segment.start, end) if segment.business_time else (end - segment.start) // MILLISECOND

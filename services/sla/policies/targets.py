"""SLA targets: how soon what has to be done, by clock and priority."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shared.domain import Value
from shared.terms import ClockKind, InvalidValue, Known, Number, Priority, Term


class Unit(Term):
    HOURS = "hours", "hours", "小时"
    WORKING_HOURS = "working_hours", "working hours", "个工作小时"
    WORKING_DAYS = "working_days", "working days", "个工作日"


MAX_AMOUNT = {Unit.HOURS: 2160, Unit.WORKING_HOURS: 480, Unit.WORKING_DAYS: 60}
MIN_SECONDS = 60


class TargetDuration(Value):
    """How long a clock may run: in seconds of the wall clock, or of working time."""

    seconds: int
    business_time: bool

    @property
    def milliseconds(self) -> int:
        return self.seconds * 1000


class SlaTarget(Value):
    """So many hours of the wall clock, or working hours or working days of the policy's calendar."""

    amount: Number = Field(gt=0, le=2160, allow_inf_nan=False)
    """How many of the unit: a minute at least, 90 days at most"""
    unit: Unit
    """Hours of the wall clock, or working hours or days of the policy's calendar"""

    def duration(self, day_seconds: int) -> TargetDuration:
        """`day_seconds`: how long a working day is."""
        length = day_seconds if self.unit is Unit.WORKING_DAYS else 3600
        return TargetDuration(seconds=round(self.amount * length), business_time=self.unit is not Unit.HOURS)


def _check(target: SlaTarget) -> SlaTarget:
    if target.amount > (most := MAX_AMOUNT[target.unit]):
        raise InvalidValue(f"must be at most {most} {target.unit.label.en}", f"不得超过 {most} {target.unit.label.zh}")
    if target.duration(3600).seconds < MIN_SECONDS:
        raise InvalidValue(f"must be at least {MIN_SECONDS} seconds", f"不得少于 {MIN_SECONDS} 秒")
    return target


SlaTargets = dict[Known[ClockKind], dict[Known[Priority], Annotated[SlaTarget, AfterValidator(_check)]]]


def _same_for_all(amount: float, unit: Unit) -> dict[Priority, SlaTarget]:
    return {priority: SlaTarget(amount=amount, unit=unit) for priority in Priority}


DEFAULT_TARGETS: SlaTargets = {
    ClockKind.RESPONSE: {
        Priority.URGENT: SlaTarget(amount=2, unit=Unit.HOURS),
        Priority.HIGH: SlaTarget(amount=8, unit=Unit.HOURS),
        Priority.NORMAL: SlaTarget(amount=24, unit=Unit.HOURS),
    },
    # The process names a resolution target for urgent tickets only; the other two are ours.
    ClockKind.RESOLUTION: {
        Priority.URGENT: SlaTarget(amount=4, unit=Unit.HOURS),
        Priority.HIGH: SlaTarget(amount=3, unit=Unit.WORKING_DAYS),
        Priority.NORMAL: SlaTarget(amount=5, unit=Unit.WORKING_DAYS),
    },
    ClockKind.DIAGNOSIS: _same_for_all(1, Unit.WORKING_DAYS),
    ClockKind.CONSULTATION: _same_for_all(2, Unit.WORKING_DAYS),
    ClockKind.CALL_BACK: _same_for_all(12, Unit.HOURS),
}

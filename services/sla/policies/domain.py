"""What is promised: targets per clock and priority, in versions that hold from a day on."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from services.sla.calendars.domain import EPOCH
from shared.domain import Aggregate, Conflict, Invalid, Value
from shared.events import Event, SlaPolicyChanged
from shared.terms import ClockKind, Id, Known, Number, Priority, Text, Wrong

DEFAULT = "default"
MOST_VERSIONS = 200


class Unit(StrEnum):
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


MOST = {Unit.HOURS: 2160, Unit.WORKING_HOURS: 480, Unit.WORKING_DAYS: 60}
LEAST_SECONDS = 60


class Target(Value):
    """So much time, of the wall clock or of the calendar."""

    seconds: int
    business_time: bool

    @property
    def milliseconds(self) -> int:
        return self.seconds * 1000


class Promise(Value):
    """So many hours of the wall clock, or working hours or days of the policy's calendar."""

    amount: Number = Field(gt=0, le=2160, allow_inf_nan=False)
    unit: Unit

    def target(self, day_seconds: int) -> Target:
        """`day_seconds`: how long a working day is."""
        length = day_seconds if self.unit is Unit.WORKING_DAYS else 3600
        return Target(seconds=round(self.amount * length), business_time=self.unit is not Unit.HOURS)


def _sane(promise: Promise) -> Promise:
    if promise.amount > MOST[promise.unit]:
        most = MOST[promise.unit]
        raise Wrong(f"may be {most} {promise.unit} at most", f"不得超过 {most}（{promise.unit}）")
    if promise.target(3600).seconds < LEAST_SECONDS:
        raise Wrong(f"must be {LEAST_SECONDS} seconds or more", f"至少需要 {LEAST_SECONDS} 秒")
    return promise


Promises = dict[Known[ClockKind], dict[Known[Priority], Annotated[Promise, AfterValidator(_sane)]]]


def _alike(amount: float, unit: Unit) -> dict[Priority, Promise]:
    return {priority: Promise(amount=amount, unit=unit) for priority in Priority}


PROCESS: Promises = {
    ClockKind.RESPONSE: {
        Priority.URGENT: Promise(amount=2, unit=Unit.HOURS),
        Priority.HIGH: Promise(amount=8, unit=Unit.HOURS),
        Priority.NORMAL: Promise(amount=24, unit=Unit.HOURS),
    },
    # The process names a resolution target for urgent tickets only; the other two are ours.
    ClockKind.RESOLUTION: {
        Priority.URGENT: Promise(amount=4, unit=Unit.HOURS),
        Priority.HIGH: Promise(amount=3, unit=Unit.WORKING_DAYS),
        Priority.NORMAL: Promise(amount=5, unit=Unit.WORKING_DAYS),
    },
    ClockKind.DIAGNOSIS: _alike(1, Unit.WORKING_DAYS),
    ClockKind.CONSULTATION: _alike(2, Unit.WORKING_DAYS),
    ClockKind.CALL_BACK: _alike(12, Unit.HOURS),
}


class Terms(Value):
    """One version of a policy, whole; `revision` is the policy's that decided it."""

    valid_from: AwareDatetime
    revision: int = 0
    calendar: Id
    promises: Promises

    def promise(self, clock: ClockKind, priority: Priority | None) -> Promise:
        """A ticket without a priority is treated as a normal one until it has one."""
        promises = self.promises[clock]
        return promises.get(priority or Priority.NORMAL, promises[Priority.NORMAL])


class Backdated(Invalid):
    title = Text("A promise cannot change in the past", "不能追溯修改服务承诺")


class OtherCompany(Conflict):
    title = Text("A policy stays with its company", "策略不能更换所属企业")


class TooManyVersions(Conflict):
    title = Text("The policy has too many versions", "策略版本过多")


class Policy(Aggregate):
    """A company's, or the default when `company` is empty. A ticket keeps the version of the moment it was opened."""

    company: str = ""
    terms: list[Terms] = Field(default_factory=list)

    @classmethod
    def default(cls) -> "Policy":
        return cls(id=DEFAULT, terms=[Terms(valid_from=EPOCH, calendar="cn", promises=PROCESS)])

    def at(self, moment: datetime) -> Terms | None:
        """The version that holds then, None before the first."""
        return next((terms for terms in reversed(self.terms) if terms.valid_from <= moment), None)

    def promise(
        self, company: str, valid_from: datetime, calendar: str, promises: Promises, fallback: Terms, now: datetime
    ) -> list[Event]:
        """Add a version; what it does not name stays as in the version before it, or as in `fallback`.

        Raises Backdated, OtherCompany, TooManyVersions.
        """
        if company != self.company:
            raise OtherCompany(
                f"this policy belongs to {self.company or 'everybody'}",
                f"该策略属于{self.company or '所有客户'}",
            )
        if valid_from < now:
            raise Backdated(
                "a version must begin now or later; tickets were promised something else",
                "新版本须从现在或以后生效，已有工单的承诺不能更改",
            )
        before = self.at(valid_from) or fallback
        whole = {clock: before.promises[clock] | promises.get(clock, {}) for clock in ClockKind}
        if self.terms and before.calendar == calendar and before.promises == whole:
            return []
        others = [terms for terms in self.terms if terms.valid_from != valid_from]
        if len(others) >= MOST_VERSIONS:
            raise TooManyVersions(f"at most {MOST_VERSIONS} versions", f"最多 {MOST_VERSIONS} 个版本")
        new = Terms(valid_from=valid_from, revision=self.version + 1, calendar=calendar, promises=whole)
        self.terms = sorted([*others, new], key=lambda terms: terms.valid_from)
        return [self._changed(new, now)]

    def restore(self, event: SlaPolicyChanged) -> list[Event]:
        """Take over a version as it was told, unless what is known of it is newer."""
        there = {terms.valid_from: terms for terms in self.terms}
        if event.valid_from not in there or event.revision > self.version:
            there[event.valid_from] = Terms.model_validate(event.model_dump(include=set(Terms.model_fields)))
            self.terms = sorted(there.values(), key=lambda terms: terms.valid_from)
            self.version = max(self.version, event.revision) - 1  # the store counts this change too
        return []

    def _changed(self, terms: Terms, now: datetime) -> SlaPolicyChanged:
        told = terms.model_dump(mode="json")
        return SlaPolicyChanged.model_validate({**told, "subject": self.id, "time": now, "company": self.company})

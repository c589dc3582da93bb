"""SLA policies: the targets of some tickets, in versions that take effect on a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import AwareDatetime, Field, model_validator

from services.sla.policies.ladder import LadderRung, Ladders, ladder_of
from services.sla.policies.matching import Match
from services.sla.policies.targets import DEFAULT_TARGETS, SlaTarget, SlaTargets
from shared.domain import Aggregate, Conflict, Invalid, Value
from shared.events import Event, SlaPolicyChanged
from shared.terms import EARLIEST, ClockKind, Id, Priority, Text

DEFAULT = "default"
MAX_VERSIONS = 200
ORDER = 100


class PolicyVersion(Value):
    """All targets of a policy from `valid_from` on; `revision` is that of the policy when it was added. Policies are
    asked by `order`, the smallest first; one that is `retired` is not asked. `ladders` say whom clocks warn; none is
    paused for more than `max_pause_hours` of the wall clock in all, where that is not 0."""

    valid_from: AwareDatetime
    revision: int = 0
    order: int = ORDER
    retired: bool = False
    calendar: Id
    promises: SlaTargets
    ladders: Ladders = Field(default_factory=dict)
    max_pause_hours: float = 0

    def all_of(self, clock: ClockKind) -> dict[Priority, SlaTarget]:
        """Empty for a clock that is newer than the version and has no target unless somebody sets one."""
        return self.promises.get(clock) or DEFAULT_TARGETS.get(clock, {})

    def target(self, clock: ClockKind, priority: Priority | None) -> SlaTarget | None:
        """A ticket without a priority is treated as a normal one until it has one. None: the clock is only measured."""
        targets = self.all_of(clock)
        return targets.get(priority or Priority.NORMAL) or targets.get(Priority.NORMAL)

    def ladder(self, clock: ClockKind) -> Sequence[LadderRung]:
        return ladder_of(self.ladders, clock)

    @property
    def longest_pause(self) -> timedelta | None:
        return timedelta(hours=self.max_pause_hours) if self.max_pause_hours else None


class PolicyDetails(NamedTuple):
    """What a version sets; what it leaves out stays as it was."""

    calendar: str
    targets: SlaTargets
    order: int | None = None
    ladders: Ladders | None = None
    max_pause_hours: float | None = None


class Backdated(Invalid):
    title = Text("An SLA policy cannot be backdated", "SLA 策略不能追溯生效")


class OtherTickets(Conflict):
    title = Text("The SLA policy is for other tickets", "该 SLA 策略适用于其他工单")


class StaysInForce(Conflict):
    title = Text("The default SLA policy stays in force", "默认 SLA 策略不能停用")


class TooManyVersions(Conflict):
    title = Text("The SLA policy has too many versions", "SLA 策略版本过多")


class Policy(Aggregate):
    """For tickets that `match`; the default for all others. A ticket keeps the version of the moment it was opened."""

    match: Match = Field(default_factory=Match)
    selector: str = ""  # what no two have
    terms: list[PolicyVersion] = Field(default_factory=list)

    @classmethod
    def default(cls) -> "Policy":
        return cls(id=DEFAULT, terms=[PolicyVersion(valid_from=EARLIEST, calendar="cn", promises=DEFAULT_TARGETS)])

    @model_validator(mode="before")
    @classmethod
    def _of_a_company(cls, doc: Any) -> Any:
        """Older releases had policies for companies only."""
        if isinstance(doc, dict) and "company" in doc and "match" not in doc:
            return {**doc, "match": {"company": doc["company"]}}
        return doc

    @model_validator(mode="after")
    def _select(self) -> "Policy":
        self.selector = self.match.key
        return self

    @property
    def company(self) -> str:
        return self.match.company

    def version_at(self, moment: datetime) -> PolicyVersion | None:
        """The version in force then, None before the first."""
        return next((one for one in reversed(self.terms) if one.valid_from <= moment), None)

    def add_version(
        self,
        match: Match,
        valid_from: datetime,
        new: PolicyDetails,
        fallback: PolicyVersion,
        now: datetime,
    ) -> list[Event]:
        """What it does not name stays as in the version before it, or as in `fallback`.

        Raises Backdated, OtherTickets, TooManyVersions.
        """
        if match.key != self.selector:
            raise OtherTickets(f"the policy applies to {self.match.words.en}", f"该策略适用于{self.match.words.zh}")
        before = self.version_at(valid_from)
        known = before or fallback
        version = PolicyVersion(
            valid_from=valid_from,
            revision=self.version + 1,
            order=(before.order if before else ORDER) if new.order is None else new.order,
            calendar=new.calendar,
            promises={
                clock: targets for clock in ClockKind if (targets := known.all_of(clock) | new.targets.get(clock, {}))
            },
            ladders=known.ladders | (new.ladders or {}),
            max_pause_hours=known.max_pause_hours if new.max_pause_hours is None else new.max_pause_hours,
        )
        return self._add(version, before, now)

    def retire(self, valid_from: datetime, now: datetime) -> list[Event]:
        """From then on nobody's tickets are opened under it, until there is another version. Raises as add_version, and
        StaysInForce."""
        if self.id == DEFAULT:
            raise StaysInForce(
                "there must be a policy for tickets that no other one is for", "必须保留一个适用于其余工单的策略"
            )
        before = self.version_at(valid_from)
        if before is None or before.retired:
            return []
        head = {"valid_from": valid_from, "revision": self.version + 1, "retired": True}
        return self._add(before.model_copy(update=head), before, now)

    def _add(self, new: PolicyVersion, before: PolicyVersion | None, now: datetime) -> list[Event]:
        if new.valid_from < now:
            raise Backdated(
                "`valid_from` must be today or later; tickets opened before keep their targets",
                "`valid_from` 须为今天或以后，此前创建的工单仍按原目标计时",
            )
        head = {"valid_from", "revision"}
        if before and before.model_dump(exclude=head) == new.model_dump(exclude=head):
            return []
        others = [one for one in self.terms if one.valid_from != new.valid_from]
        if len(others) >= MAX_VERSIONS:
            raise TooManyVersions(
                f"an SLA policy can have at most {MAX_VERSIONS} versions", f"每个 SLA 策略最多 {MAX_VERSIONS} 个版本"
            )
        self.terms = sorted([*others, new], key=lambda one: one.valid_from)
        return [self._changed(new, now)]

    def restore(self, event: SlaPolicyChanged) -> list[Event]:
        """Take over a version as it was published, unless a newer one is known."""
        versions = {one.valid_from: one for one in self.terms}
        if event.valid_from not in versions or event.revision > self.version:
            published = event.model_dump(include=set(PolicyVersion.model_fields))
            versions[event.valid_from] = PolicyVersion.model_validate(published)
            self.terms = sorted(versions.values(), key=lambda one: one.valid_from)
            self.version = max(self.version, event.revision) - 1  # the store counts this change too
        return []

    def _changed(self, version: PolicyVersion, now: datetime) -> SlaPolicyChanged:
        published = version.model_dump(mode="json")
        return SlaPolicyChanged.model_validate(
            {**published, "subject": self.id, "time": now, **self.match.model_dump()}
        )

"""SLA policies: the targets of a company's tickets, in versions that take effect on a day."""

from datetime import datetime

from pydantic import AwareDatetime, Field

from services.sla.policies.targets import DEFAULT_TARGETS, SlaTarget, SlaTargets
from shared.domain import Aggregate, Conflict, Invalid, Value
from shared.events import Event, SlaPolicyChanged
from shared.terms import EARLIEST, ClockKind, Id, Priority, Text

DEFAULT = "default"
MAX_VERSIONS = 200


class PolicyVersion(Value):
    """All targets of a policy from `valid_from` on; `revision` is that of the policy when it was added."""

    valid_from: AwareDatetime
    revision: int = 0
    calendar: Id
    promises: SlaTargets

    def target(self, clock: ClockKind, priority: Priority | None) -> SlaTarget:
        """A ticket without a priority is treated as a normal one until it has one."""
        targets = self.promises[clock]
        return targets.get(priority or Priority.NORMAL, targets[Priority.NORMAL])


class Backdated(Invalid):
    title = Text("An SLA policy cannot be backdated", "SLA 策略不能追溯生效")


class CompanyMismatch(Conflict):
    title = Text("The SLA policy belongs to another company", "该 SLA 策略属于其他企业")


class TooManyVersions(Conflict):
    title = Text("The SLA policy has too many versions", "SLA 策略版本过多")


class Policy(Aggregate):
    """A company's, or the default when `company` is empty. A ticket keeps the version of the moment it was opened."""

    company: str = ""
    terms: list[PolicyVersion] = Field(default_factory=list)

    @classmethod
    def default(cls) -> "Policy":
        return cls(id=DEFAULT, terms=[PolicyVersion(valid_from=EARLIEST, calendar="cn", promises=DEFAULT_TARGETS)])

    def version_at(self, moment: datetime) -> PolicyVersion | None:
        """The version in force then, None before the first."""
        return next((one for one in reversed(self.terms) if one.valid_from <= moment), None)

    def add_version(
        self,
        company: str,
        valid_from: datetime,
        calendar: str,
        targets: SlaTargets,
        fallback: PolicyVersion,
        now: datetime,
    ) -> list[Event]:
        """Targets that it does not name stay as in the version before it, or as in `fallback`.

        Raises Backdated, CompanyMismatch, TooManyVersions.
        """
        if company != self.company:
            raise CompanyMismatch(
                f"the policy applies to {self.company or 'all companies without one of their own'}",
                f"该策略适用于{self.company or '所有未单独设置策略的企业'}",
            )
        if valid_from < now:
            raise Backdated(
                "`valid_from` must be today or later; tickets opened before keep their targets",
                "`valid_from` 须为今天或以后，此前创建的工单仍按原目标计时",
            )
        before = self.version_at(valid_from) or fallback
        whole = {clock: before.promises[clock] | targets.get(clock, {}) for clock in ClockKind}
        if self.terms and before.calendar == calendar and before.promises == whole:
            return []
        others = [one for one in self.terms if one.valid_from != valid_from]
        if len(others) >= MAX_VERSIONS:
            raise TooManyVersions(
                f"an SLA policy can have at most {MAX_VERSIONS} versions", f"每个 SLA 策略最多 {MAX_VERSIONS} 个版本"
            )
        new = PolicyVersion(valid_from=valid_from, revision=self.version + 1, calendar=calendar, promises=whole)
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
        return SlaPolicyChanged.model_validate({**published, "subject": self.id, "time": now, "company": self.company})

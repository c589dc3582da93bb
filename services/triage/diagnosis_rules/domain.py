"""A rule: what a ticket must have, and what follows for its priority, category and queue; every version is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from services.triage.diagnosis_rules.conditions import Conditions, Subject
from shared.category_keys import CategoryKey, Key
from shared.domain import Aggregate, Conflict, Invalid, Value
from shared.events import Event
from shared.terms import Category, Known, Line, Priority, Text, Whole

MOST_RULES, MOST_VERSIONS = 200, 100


class TooManyRules(Conflict):
    title = Text("There are too many diagnosis rules", "诊断规则数量已达上限")


class TooManyVersions(Conflict):
    title = Text("The diagnosis rule has too many versions", "诊断规则版本过多")


class RuleSettings(Value):
    name: Line
    """What people read where it decided"""
    order: Annotated[Whole, Field(ge=1, le=10_000)] = 100
    """Rules are asked by it, the smallest first"""
    conditions: Conditions
    """What a ticket must have"""
    priority: Known[Priority] | None = None
    """What follows for its priority; null: nothing"""
    category: CategoryKey | None = None
    """What follows for its category; null: nothing"""
    queue: Key | None = None
    """The queue that it goes to; null: that of its category"""

    @property
    def settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in RuleSettings.model_fields}

    def ensure_useful(self) -> None:
        """Raises Invalid."""
        if not self.conditions.said:
            raise Invalid("A rule needs a condition", "规则至少需要一个条件", "body.conditions")
        if self.priority is None and self.category is None and self.queue is None:
            raise Invalid("A rule decides over something", "规则至少需要设定一项结果", "body.priority")


class RuleVersion(RuleSettings):
    number: int
    by: str
    at: AwareDatetime
    retired: bool = False


class DiagnosisRule(Aggregate):
    versions: list[RuleVersion] = Field(default_factory=list)

    @property
    def current(self) -> RuleVersion:
        return self.versions[-1]

    @property
    def is_active(self) -> bool:
        return bool(self.versions) and not self.current.retired

    def set_up(self, said: RuleSettings, by: str, now: datetime) -> list[Event]:
        """Another version, which also brings it back; none where it says the same. Raises TooManyVersions."""
        if self.is_active and self.current.settings == said.settings:
            return []
        return self._add(said, by, now, retired=False)

    def retire(self, by: str, now: datetime) -> list[Event]:
        """Raises TooManyVersions."""
        return self._add(self.current, by, now, retired=True) if self.is_active else []

    def _add(self, said: RuleSettings, by: str, now: datetime, retired: bool) -> list[Event]:
        if len(self.versions) >= MOST_VERSIONS:
            raise TooManyVersions(
                f"a rule can have at most {MOST_VERSIONS} versions; enter another rule",
                f"每条规则最多 {MOST_VERSIONS} 个版本，请新建规则",
            )
        number = self.versions[-1].number + 1 if self.versions else 1
        self.versions.append(RuleVersion(**said.settings, number=number, by=by, at=now, retired=retired))
        return []

    @property
    def mark(self) -> str:
        """The rule and its version, as diagnoses name it."""
        return f"{self.id}@{self.current.number}"


@dataclass(frozen=True)
class Ruling:
    """What the first rules that hold say: each of the three by the first that says anything about it."""

    priority: Priority | None = None
    category: Category | None = None
    queue: str = ""
    by: dict[str, DiagnosisRule] = field(default_factory=dict)  # priority, category, queue: the rule


def in_order(rules: Iterable[DiagnosisRule]) -> list[DiagnosisRule]:
    """Those that are asked."""
    return sorted((one for one in rules if one.is_active), key=lambda one: (one.current.order, one.id))


def rule(rules: Sequence[DiagnosisRule], subject: Subject) -> Ruling:
    """`rules` in their order."""
    found: dict[str, DiagnosisRule] = {}
    for one in rules:
        says = [name for name in ("priority", "category", "queue") if getattr(one.current, name) is not None]
        if any(name not in found for name in says) and not one.current.conditions.lacks(subject):
            found = {**dict.fromkeys(says, one), **found}
    return Ruling(
        found["priority"].current.priority if "priority" in found else None,
        found["category"].current.category if "category" in found else None,
        found["queue"].current.queue or "" if "queue" in found else "",
        found,
    )

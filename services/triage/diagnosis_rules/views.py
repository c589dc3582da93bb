"""Rules as the API shows them."""

from datetime import datetime

from services.triage.diagnosis_rules.conditions import Conditions
from services.triage.diagnosis_rules.domain import DiagnosisRule, RuleSettings
from shared.http import Body, View, example
from shared.terms import Category, Priority


class RuleBody(RuleSettings, Body):
    model_config = example(
        name="支付故障一律紧急", order=10, conditions={"any_words": ["支付失败", "payment failed"]}, priority="urgent"
    )


class RuleVersionView(View):
    number: int
    """From 1"""
    name: str
    """What people read where it decided"""
    order: int
    """Rules are asked by it, the smallest first"""
    conditions: Conditions
    """What a ticket must have"""
    priority: Priority | None
    """What follows for its priority; null: nothing"""
    category: Category | None
    """What follows for its category; null: nothing"""
    queue: str | None
    """The queue that it goes to; null: that of its category"""
    retired: bool
    """Whether it was not asked any more"""
    by: str
    """Who wrote it, as a subject"""
    written_at: datetime
    """When"""


class RuleView(View):
    id: str
    """Its id"""
    version: int
    """Counts the changes; the ETag names it"""
    retired: bool
    """Whether it is not asked any more"""
    current: RuleVersionView
    """The version that holds"""
    versions: list[RuleVersionView]
    """All of them, the first first"""

    @classmethod
    def of(cls, rule: DiagnosisRule) -> "RuleView":
        versions = [RuleVersionView.model_validate({**dict(one), "written_at": one.at}) for one in rule.versions]
        return cls(
            id=rule.id, version=rule.version, retired=not rule.is_active, current=versions[-1], versions=versions
        )

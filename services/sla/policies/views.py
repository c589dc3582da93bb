"""SLA policies as the API shows them."""

from datetime import datetime
from typing import Self

from pydantic import Field

from services.sla.policies.domain import Policy
from services.sla.policies.targets import SlaTargets, Unit
from shared.http import Body, View, example
from shared.terms import ClockKind, Day, Id, OptionalLine, Priority


class PolicyBody(Body):
    """A version of a policy. Targets that it does not name stay as they are."""

    model_config = example(
        company="Huadong Trading", calendar="cn", targets={"response": {"urgent": {"amount": 1, "unit": "hours"}}}
    )

    company: OptionalLine = ""
    """Whose tickets it is for; empty: those of all companies without a policy of their own"""
    valid_from: Day | None = None
    """The day from whose beginning on it is in force; null: from now on"""
    calendar: Id = "cn"
    """By whose working time its targets are counted"""
    targets: SlaTargets = Field(default_factory=dict)
    """How soon what has to be done, by clock and by priority"""


class SlaTargetView(View):
    amount: float
    """How many of the unit"""
    unit: Unit
    """Hours of the wall clock, or working hours or days of the policy's calendar"""


class PolicyVersionView(View):
    valid_from: datetime
    """From when on it is in force"""
    revision: int
    """The version of the policy when it was added"""
    calendar: str
    """By whose working time its targets are counted"""
    targets: dict[ClockKind, dict[Priority, SlaTargetView]] = Field(validation_alias="promises")
    """How soon what has to be done, by clock and by priority"""


class PolicyView(View):
    id: str
    """Its id"""
    company: str
    """Whose tickets it is for; empty: those of all companies without a policy of their own"""
    version: int
    """Counts the changes; the ETag has it too"""
    current: PolicyVersionView | None
    """The version in force; null while the first is yet to come"""
    versions: list[PolicyVersionView]
    """All of them, the earliest first"""

    @classmethod
    def of(cls, policy: Policy, now: datetime) -> Self:
        return cls.model_validate(
            {
                "id": policy.id,
                "company": policy.company,
                "version": policy.version,
                "current": policy.version_at(now),
                "versions": policy.terms,
            }
        )

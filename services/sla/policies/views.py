"""SLA policies as the API shows them."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.sla.policies.domain import Policy, PolicyVersion
from services.sla.policies.targets import SlaTargets
from shared.http import Body
from shared.terms import Day, Id, OptionalLine


class PolicyBody(Body):
    """A version in force from the beginning of `valid_from`, without it from now on. Targets that are not named stay as
    they are."""

    company: OptionalLine = ""
    valid_from: Day | None = None
    calendar: Id = "cn"
    promises: SlaTargets = Field(default_factory=dict)


class PolicyView(BaseModel):
    """`current` is the version in force now, null while the first is yet to come."""

    id: str
    company: str
    version: int
    current: PolicyVersion | None
    terms: list[PolicyVersion]

    @classmethod
    def of(cls, policy: Policy, now: datetime) -> "PolicyView":
        return cls(
            id=policy.id,
            company=policy.company,
            version=policy.version,
            current=policy.version_at(now),
            terms=policy.terms,
        )


class PolicyList(BaseModel):
    items: list[PolicyView]

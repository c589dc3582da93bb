"""SLA policies as the API shows them."""

from datetime import datetime

from pydantic import BaseModel

from services.sla.policies.domain import Policy, Terms


class PolicyView(BaseModel):
    """`current` is the version that holds now, null while the first is yet to come."""

    id: str
    company: str
    version: int
    current: Terms | None
    terms: list[Terms]

    @classmethod
    def of(cls, policy: Policy, now: datetime) -> "PolicyView":
        return cls(
            id=policy.id,
            company=policy.company,
            version=policy.version,
            current=policy.at(now),
            terms=policy.terms,
        )


class PolicyList(BaseModel):
    items: list[PolicyView]

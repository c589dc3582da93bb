"""The policies as this process last read them."""

from collections.abc import Iterable
from datetime import datetime

from services.sla.policies.domain import DEFAULT, Policy, PolicyVersion


class PolicyCatalog:
    def __init__(self, policies: Iterable[Policy] = ()) -> None:
        self.replace(policies)

    def replace(self, policies: Iterable[Policy]) -> None:
        self._by_company = {policy.company: policy for policy in policies}

    def has(self, company: str) -> bool:
        """Whether this company has a policy of its own; the empty one is the default's."""
        return company in self._by_company

    def in_force(self, company: str, moment: datetime) -> tuple[str, PolicyVersion]:
        """The policy, by its id, and the version: the company's own if it has one in force then, else the default."""
        own = self._by_company.get(company) if company else None
        if own and (version := own.version_at(moment)):
            return own.id, version
        version = self._by_company[""].version_at(moment)
        assert version  # the default has been in force from the beginning
        return DEFAULT, version

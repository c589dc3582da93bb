"""SLA policies, one document each; a company has one at most."""

from services.sla.policies.domain import Policy
from shared.store import Store


class Policies(Store[Policy]):
    kind = Policy
    unique = ("company",)

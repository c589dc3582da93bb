"""SLA policies, one document each; no two are for the same tickets."""

from services.sla.policies.domain import Policy
from shared.store import Store


class Policies(Store[Policy]):
    kind = Policy
    unique = ("selector",)

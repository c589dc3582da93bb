"""Third-party systems, one document each."""

from services.triage.third_party_systems.domain import ThirdPartySystem
from shared.store import Store


class ThirdPartySystems(Store[ThirdPartySystem]):
    kind = ThirdPartySystem
    has_outbox = False

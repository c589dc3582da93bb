"""Third parties, one document each."""

from services.triage.third_parties.domain import Party
from shared.store import Store


class Parties(Store[Party]):
    kind = Party
    collection = "third_party"
    has_outbox = False

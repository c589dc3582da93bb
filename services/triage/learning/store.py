"""What was learned: one document that names the versions, and their arrays beside it."""

from services.triage.learning.domain import Learning
from shared.store import Store


class Learnings(Store[Learning]):
    kind = Learning
    has_outbox = False

"""Categories, one document each: a few, which change rarely and are asked for with every ticket."""

from services.triage.categories.domain import CategoryRecord
from shared.store import Store


class CategoryRecords(Store[CategoryRecord]):
    kind = CategoryRecord
    has_outbox = False

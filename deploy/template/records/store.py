"""Where records are kept."""

from deploy.template.records.domain import Record
from shared.store import Store


class Records(Store[Record]):
    kind = Record
    has_outbox = False
    projection = True

"""One document per aggregate: its state, its version, the ids of what it has handled, and its outbox.

One write changes all of them, so no transaction is needed, no event is lost and none is acted on twice.
"""

from shared.store.order import MILLISECOND, ByNumber, ByText, EarliestFirst, NewestFirst, Order
from shared.store.packing import DOCUMENT_BYTES, EVENT_BYTES
from shared.store.paging import Row, Span
from shared.store.reading import Index
from shared.store.store import Allow, Decide, Store

__all__ = [
    "DOCUMENT_BYTES",
    "EVENT_BYTES",
    "MILLISECOND",
    "Allow",
    "ByNumber",
    "ByText",
    "Decide",
    "EarliestFirst",
    "Index",
    "NewestFirst",
    "Order",
    "Row",
    "Span",
    "Store",
]

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime

from services.intake.customers.domain import Customer
from services.intake.customers.history import KnownError
from shared.domain import Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Store

MISSING_FOR = 30.0  # seconds
MISSING = 1000


class Customers(Store[Customer]):
    """Whose ticket is opened is asked for a moment before that ticket is recorded: what was found, or not, is kept
    so long. Both are only guesses: a change compares the version, an insert finds the id taken."""

    kind = Customer
    projection = True

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self._missing: OrderedDict[str, float] = OrderedDict()

    async def find(self, id: str) -> Customer | None:
        doc = await self._docs.find_one({"_id": id})
        if doc:
            self._recent.put_read(id, doc)
            return self._load(doc)
        self._missing[id] = time.monotonic()
        if len(self._missing) > MISSING:
            self._missing.popitem(last=False)
        return None

    def is_missing(self, id: str) -> bool:
        """Whether it was not there a moment ago."""
        return time.monotonic() - self._missing.pop(id, float("-inf")) < MISSING_FOR

    async def add(self, new: Customer, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> Customer:
        self._missing.pop(new.id, None)
        return await super().add(new, events, by, keys)


class KnownErrors(Store[KnownError]):
    kind = KnownError
    projection = True
    has_outbox = False

from collections.abc import Callable
from datetime import datetime

from services.intake.calls.domain import Call
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store

FIELDS = ("number", "agent", "ticket")  # by which lists are narrowed


class Calls(Store[Call]):
    kind = Call
    indexes = (Index(("began_at",)), *(Index((name, "began_at")) for name in FIELDS))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("began_at", now)

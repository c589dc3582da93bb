from collections.abc import Callable
from datetime import datetime

from services.intake.erasure.domain import Erasure
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store


class Erasures(Store[Erasure]):
    kind = Erasure
    indexes = (Index(("requested_at",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("requested_at", now)

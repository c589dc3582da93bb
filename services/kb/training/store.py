from collections.abc import Callable
from datetime import datetime

from services.kb.training.domain import Session
from services.kb.training.packs import ReleasePack
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import ByText, Index, NewestFirst, Store


class Sessions(Store[Session]):
    kind = Session
    collection = "trainingsession"
    indexes = (Index(("quarter",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.by_quarter = ByText("quarter")


class ReleasePacks(Store[ReleasePack]):
    kind = ReleasePack
    indexes = (Index(("goes_live_at",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("goes_live_at", now)

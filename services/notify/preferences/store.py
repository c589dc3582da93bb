from collections.abc import Callable
from datetime import datetime

from services.notify.preferences.domain import Preference
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store


class Preferences(Store[Preference]):
    kind = Preference
    has_outbox = False
    indexes = (Index(("changed_at",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("changed_at", now)

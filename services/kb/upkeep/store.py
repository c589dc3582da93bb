from collections.abc import Callable
from datetime import datetime

from services.kb.upkeep.domain import ReviewTask
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store


class ReviewTasks(Store[ReviewTask]):
    kind = ReviewTask
    indexes = (Index(("is_open", "changed_at")),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("changed_at", now)

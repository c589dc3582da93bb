from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.sla.reviews.domain import Review
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store


class Reviews(Store[Review]):
    kind = Review
    unique = ("_keys",)
    indexes = (Index(("made_at",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("made_at", now)

    def _dump(self, aggregate: Review) -> dict[str, Any]:
        """BSON has moments and no days."""
        moments = {name: getattr(aggregate, name) for name in ("made_at", "published_at")}
        if aggregate.due_at:
            moments["due_at"] = aggregate.due_at
        return {**aggregate.model_dump(mode="json", exclude={"id", "due_at", *moments}), **moments}

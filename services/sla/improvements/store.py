from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.sla.improvements.domain import Improvement
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store


class Improvements(Store[Improvement]):
    kind = Improvement
    unique = ("_keys",)
    indexes = (Index(("raised_at",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("raised_at", now)

    def _dump(self, aggregate: Improvement) -> dict[str, Any]:
        """BSON has moments and no days."""
        moments = {name: getattr(aggregate, name) for name in ("raised_at", "ended_at")}
        if aggregate.due_at:
            moments["due_at"] = aggregate.due_at
        return {**aggregate.model_dump(mode="json", exclude={"id", "due_at", *moments}), **moments}

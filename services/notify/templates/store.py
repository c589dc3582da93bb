"""Templates that a desk has written: a few, which change rarely and are asked for with every event."""

from collections.abc import Callable
from datetime import datetime

from services.notify.templates.domain import WrittenTemplate
from shared.cache import Cache
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Store

FRESH_FOR = 5.0  # seconds in which a change by another replica may go unseen


class WrittenTemplates(Store[WrittenTemplate]):
    kind = WrittenTemplate
    collection = "template"
    has_outbox = False

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.known = Cache(self._read, FRESH_FOR)

    async def _read(self) -> dict[str, WrittenTemplate]:
        return {one.id: one async for one in self.all()}

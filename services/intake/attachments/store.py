from collections.abc import Callable
from datetime import datetime

from services.intake.attachments.domain import Upload
from services.intake.attachments.scan import Scan
from shared.domain import Origin
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store
from shared.store.handled import handled_key


class Scans(Store[Scan]):
    kind = Scan
    has_outbox = False
    indexes = (Index(("came_at",)), Index(("state", "came_at")))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("came_at", now)


class Uploads(Store[Upload]):
    kind = Upload
    has_outbox = False

    async def check_key(self, by: Origin) -> None:
        """Raises Invalid when the key has brought another file, or one to another ticket."""
        if by.key:
            await self._old_keys.knows("", by, self._now())

    async def record_key(self, by: Origin) -> None:
        if by.key:
            await self._old_keys.keep("", [handled_key(by, self._now())], self._now())

from datetime import timedelta

from services.notify.contact_tasks.domain import ContactTask, ContactTaskState
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import Index, NewestFirst, Store


class ContactTasks(Store[ContactTask]):
    kind = ContactTask
    collection = "contact_task"
    indexes = (Index(("state", "created_at")), Index(("ticket", "created_at")), Index(("created_at",)))
    kept_for = timedelta(days=365)

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("created_at", now)

    async def remove_expired(self) -> int:
        """Those that are done and were made so long ago."""
        old = {"created_at": {"$lt": self._now() - self.kept_for}, "state": ContactTaskState.DONE.value}
        gone = [row["id"] for row in await self.rows({**old, "_unsent": None}, ())]
        await self.remove(gone)
        return len(gone) + await super().remove_expired()

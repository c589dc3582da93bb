from datetime import timedelta

from services.notify.webhooks.course import Course
from services.notify.webhooks.domain import Webhook
from services.notify.webhooks.sendings import Sending, SendingState
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import Index, NewestFirst, Store


class Webhooks(Store[Webhook]):
    kind = Webhook
    indexes = (Index(("state", "created_at")),)

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("created_at", now)


class Courses(Store[Course]):
    kind = Course
    collection = "webhook_course"
    has_outbox = False


class Sendings(Store[Sending]):
    kind = Sending
    collection = "webhook_sending"
    has_outbox = False
    indexes = (Index(("webhook", "created_at")), Index(("created_at",)))
    kept_for = timedelta(days=30)

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("created_at", now)

    async def delivered(self, ids: list[str]) -> set[str]:
        """Those of them that were taken."""
        found = await self.rows({"_id": {"$in": ids}}, ["state"])
        return {row["id"] for row in found if row["state"] == SendingState.DELIVERED}

    async def remove_expired(self) -> int:
        gone = [row["id"] for row in await self.rows({"created_at": {"$lt": self._now() - self.kept_for}}, ())]
        await self.remove(gone)
        return len(gone) + await super().remove_expired()

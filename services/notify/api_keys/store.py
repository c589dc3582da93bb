from services.notify.api_keys.domain import ApiKey, KeyState
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import Index, NewestFirst, Store


class ApiKeys(Store[ApiKey]):
    kind = ApiKey
    has_outbox = False
    indexes = (Index(("state", "created_at")),)

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("created_at", now)

    async def active(self) -> list[ApiKey]:
        return await self.where({"state": KeyState.ACTIVE.value})

from services.intake.attachments.domain import Upload
from shared.domain import Origin
from shared.store import Store
from shared.store.handled import handled_key


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

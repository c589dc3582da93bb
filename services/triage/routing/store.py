"""Where engineers are kept, and who of the seniors is available."""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.triage.routing.domain import Engineer, Level
from shared.cache import Cache
from shared.domain import Origin, Stale
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Allow, Decide, Index, Store

FRESH_FOR = 1.0  # seconds


class Engineers(Store[Engineer]):
    """Which seniors are available is asked for each urgent ticket, so it is kept as this process saw it last. What
    another replica changed is seen within a second: whoever assigns one a ticket names the version that was chosen."""

    kind = Engineer
    has_outbox = False
    indexes = (Index(("level", "available")),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self._seniors = Cache(self._read_seniors, FRESH_FOR)

    async def available_seniors(self) -> list[Engineer]:
        return list((await self._seniors.get() or await self._seniors.refresh()).values())

    async def add(self, new: Engineer, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> Engineer:
        return self._remember(await super().add(new, events, by, keys))

    async def change(
        self, id: str, decide: Decide[Engineer], by: Event | Origin, allow: Allow[Engineer] | None = None
    ) -> Engineer:
        try:
            return self._remember(await super().change(id, decide, by, allow))
        except Stale:
            self._seniors.drop()
            raise

    async def _read_seniors(self) -> dict[str, Engineer]:
        found = await self.where({"level": Level.SENIOR.value, "available": True})
        return {one.id: one for one in found}

    def _remember(self, one: Engineer) -> Engineer:
        if (seniors := self._seniors.kept) is not None:
            seniors.pop(one.id, None)
            if one.is_senior and one.available:
                seniors[one.id] = one
        return one

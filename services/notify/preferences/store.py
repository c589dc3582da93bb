from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from services.notify.preferences.domain import Preference
from shared.cache import Cache
from shared.domain import Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, NewestFirst, Store
from shared.terms import EARLIEST

FRESH_FOR = 2.0  # seconds in which a change by another replica may go unseen
LOOK_BACK = timedelta(minutes=10)  # over what was seen: clocks of replicas differ, and writes take their time


class Preferences(Store[Preference]):
    """Most people never set any, and are asked for with every event: so it is remembered who has. What is set for the
    first time on one replica is known to the others within seconds; what was set before is read each time."""

    kind = Preference
    has_outbox = False
    indexes = (Index(("changed_at",)),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest_first = NewestFirst("changed_at", now)
        self._known: set[str] = set()
        self._seen = EARLIEST
        self.learnt = Cache(self._learn, FRESH_FOR)

    async def add(
        self, new: Preference, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()
    ) -> Preference:
        self._known.add(new.id)
        return await super().add(new, events, by, keys)

    async def of(self, people: Collection[str]) -> list[Preference]:
        """Of those who have set any."""
        asked = sorted((await self.learnt.get()).intersection(people))
        return await self.where({"_id": {"$in": asked}}) if asked else []

    async def _learn(self) -> set[str]:
        """Who has set any by now."""
        now = self._now()
        rows = await self.rows(
            {"changed_at": {"$gte": max(self._seen, EARLIEST + LOOK_BACK) - LOOK_BACK}}, ("changed_at",)
        )
        self._known.update(row["id"] for row in rows)
        self._seen = min(max([self._seen, *(row["changed_at"] for row in rows)]), now)
        return self._known

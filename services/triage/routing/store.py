"""Where engineers are kept, and who of them could be given a ticket now."""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.triage.routing.domain import Engineer
from shared.cache import Cache
from shared.domain import Origin, Stale
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Allow, Decide, Index, Store

FRESH_FOR = 1.0  # seconds
# What a choice depends on: not what is remembered of tickets that they had.
ROSTER = (
    "name",
    "email",
    "language",
    "level",
    "skills",
    "capacity",
    "weight",
    "teams",
    "zone",
    "shifts",
    "leave",
    "on_call",
    "available",
    "active",
    "held",
    "places",
    "tickets",
    "last_assigned_at",
    "version",
)


class Engineers(Store[Engineer]):
    """Who is there is asked for each urgent ticket, so it is kept as this process saw it last. What another replica
    changed is seen within a second: whoever assigns one a ticket names the version that was chosen."""

    kind = Engineer
    has_outbox = False
    indexes = (Index(("level", "available")),)

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self._roster = Cache(self._read_roster, FRESH_FOR)

    async def roster(self) -> list[Engineer]:
        """Everybody who is active, without what they released and claimed."""
        return [one for one in (await self._roster.get()).values() if one.active]

    async def add(self, new: Engineer, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> Engineer:
        return self._remember(await super().add(new, events, by, keys))

    async def change(
        self, id: str, decide: Decide[Engineer], by: Event | Origin, allow: Allow[Engineer] | None = None
    ) -> Engineer:
        try:
            return self._remember(await super().change(id, decide, by, allow))
        except Stale:
            self._roster.drop()
            raise

    async def _read_roster(self) -> dict[str, Engineer]:
        return {row["id"]: self.kind.model_validate(row) for row in await self.rows({}, ROSTER)}

    def _remember(self, one: Engineer) -> Engineer:
        if (known := self._roster.kept) is not None:
            known[one.id] = one
        return one

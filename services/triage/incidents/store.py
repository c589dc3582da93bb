"""Where incidents are kept, and for some days what tickets were seen with."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

from services.triage.incidents.detection import Sighting, likeness
from services.triage.incidents.domain import ACTIVE, Incident, IncidentState
from shared.cache import Cache
from shared.domain import Origin
from shared.events import Event
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Allow, Decide, Index, NewestFirst, Row, Store

FRESH_FOR = 1.0  # seconds
FORGOTTEN_AFTER = timedelta(days=8)
MOST_NEAR = 100  # sightings that are compared with one
MOST_MARKED = 2_000  # from which the nearest are chosen
OF_ONE_CUSTOMER = 5  # before any of them has a sixth: who writes again and again hides nobody


class Incidents(Store[Incident]):
    """No two have a claim in common: so two replicas cannot make two incidents of the same tickets."""

    kind = Incident
    unique = ("claims",)
    indexes = (Index(("proposed_at",)), Index(("state", "proposed_at")))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.newest = NewestFirst("proposed_at", now)
        self._keys = Cache(self._read_keys, FRESH_FOR)

    async def add(self, new: Incident, events: list[Event], by: Event | Origin, keys: Sequence[str] = ()) -> Incident:
        added = await super().add(new, events, by, keys)
        self._keys.drop()
        return added

    async def change(
        self, id: str, decide: Decide[Incident], by: Event | Origin, allow: Allow[Incident] | None = None
    ) -> Incident:
        changed = await super().change(id, decide, by, allow)
        self._keys.drop()
        return changed

    async def claiming(self, claims: Iterable[str]) -> list[Incident]:
        """Those that have one of these claims, by id."""
        found = await self.where({"claims": {"$in": list(claims)}})
        return sorted(found, key=lambda one: one.id)

    async def active_keys(self) -> set[str]:
        """As this process saw them last: a ticket that comes within a second of what another one has changed is told by
        those that were opened about its time."""
        return await self._keys.get()

    async def _read_keys(self) -> set[str]:
        states: Sequence[IncidentState] = ACTIVE
        found = [row for state in states for row in await self.rows({"state": state.value}, ("keys",))]
        return {key for row in found for key in row["keys"]}


def nearest(rows: Iterable[Row], asked: Collection[str]) -> list[str]:
    """Their ids: first those that have most in common, some of each customer before more of one."""
    alike = sorted(rows, key=lambda row: (-likeness(row["marks"], asked), row["id"]))
    seen: Counter[str] = Counter()
    turns: dict[str, int] = {}
    for row in alike:
        turns[row["id"]] = seen[row["customer"]] // OF_ONE_CUSTOMER
        seen[row["customer"]] += 1
    return sorted(turns, key=lambda id: turns[id])


class Sightings(Store[Sighting]):
    kind = Sighting
    has_outbox = False
    indexes = (Index(("marks",)), Index(("at",)))

    async def marked(self, marks: Iterable[str]) -> list[Sighting]:
        """Those that have one of these marks. Where many tickets come, strangers share a mark of a text by chance: of
        more than are compared they are the nearest."""
        asked = set(marks)
        query = {"marks": {"$in": sorted(asked)}}
        found = await self.where(query, limit=MOST_NEAR)
        if len(found) < MOST_NEAR:
            return found
        rows = await self.rows(query, ("customer", "marks"), limit=MOST_MARKED)
        return await self.where({"_id": {"$in": nearest(rows, asked)[:MOST_NEAR]}})

    async def remove_expired(self) -> int:
        gone = [row["id"] for row in await self.rows({"at": {"$lt": self._now() - FORGOTTEN_AFTER}}, ())]
        await self.remove(gone)
        return len(gone) + await super().remove_expired()

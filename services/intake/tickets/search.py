"""The search for tickets: an index of this replica, kept in step with the store, and pages of what it finds."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.intake.settings import IntakeSettings
from services.intake.tickets.searched import CHANGED, FIELDS, HEAD, OPENED, READ, URGENCY, entry_of
from services.intake.tickets.store import Tickets
from shared.cursor import invalid, seal, unseal
from shared.domain import Unavailable
from shared.search import Broken, Entry, Folder, Follower, Generations, Index, Wanted
from shared.store import Row
from shared.telemetry import untraced

logger = logging.getLogger(__name__)
MOST_COUNTED = 10_000
SPARE = 20  # entries more than wanted, for those that have the sort key of the last one
LARGEST = 2**63 - 1


class Found(StrEnum):
    """The order of what a search finds."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    UPDATED = "updated"
    PRIORITY = "priority"


ORDERS = {
    Found.BEST: (OPENED, True),
    Found.NEWEST: (OPENED, True),
    Found.OLDEST: (OPENED, False),
    Found.UPDATED: (CHANGED, True),
    Found.PRIORITY: (URGENCY, True),
}


@dataclass(frozen=True)
class Hits:
    """Rows of the store with the fields that were asked for; `total` ends at MOST_COUNTED."""

    rows: list[Row]
    next: str | None
    total: int
    complete: bool


@dataclass(frozen=True)
class Source:
    """What the index follows."""

    store: Tickets
    generations: Generations

    async def versions(self, since: datetime | None) -> dict[str, tuple[int, datetime | None]]:
        return await self.store.versions(since)

    async def entries(self, ids: Sequence[str]) -> list[Entry]:
        with untraced():
            rows = await self.store.rows({"_id": {"$in": list(ids)}}, READ)
        return [entry_of(row) for row in rows]

    async def generation(self) -> str:
        with untraced():
            return await self.generations.current()


class TicketSearch:
    def __init__(
        self, store: Tickets, generations: Generations, settings: IntakeSettings, now: Callable[[], datetime], name: str
    ) -> None:
        folder = settings.search_folder / name if settings.search_folder else None
        self.index = Index(FIELDS, Folder(folder))
        self.follower = Follower(self.index, Source(store, generations), now, settings.search_seconds)
        store.on_write = self.follower.nudge
        self._store = store

    async def find(
        self, wanted: Wanted, order: Found, after: str | None, limit: int, fields: Sequence[str] = READ
    ) -> Hits:
        """A page. Raises Invalid for a cursor of another search, Unavailable where there is no index yet."""
        of = f"ticket-searches/{order}/{hashlib.sha256(repr(wanted).encode()).hexdigest()}"
        tier, beyond, id = _position(of, after) if after else (0, None, "")
        complete = self.follower.is_complete
        try:
            found, total = await asyncio.to_thread(self._look, wanted, order, tier, beyond, id, limit)
        except Broken as error:
            if self.index.is_open:
                logger.error("the search index is built again: %s", error)
                self.follower.distrust()
            raise Unavailable(
                "The search is not ready yet; please try again in a minute", "搜索尚未就绪，请一分钟后重试"
            ) from error
        page = found[:limit]
        rows = {row["id"]: row for row in await self._read([id for _, _, id in page], fields)}
        next = seal(of, f"{page[-1][0]}/{page[-1][1]}", page[-1][2]) if len(found) > limit else None
        return Hits([rows[id] for _, _, id in page if id in rows], next, min(total, MOST_COUNTED), complete)

    async def count_each(self, wanted: Sequence[Wanted]) -> list[int | None]:
        """How many there are of each, up to MOST_COUNTED; None where there is no index."""
        try:
            return await asyncio.to_thread(lambda: [min(self.index.count(one), MOST_COUNTED) for one in wanted])
        except Broken as error:
            logger.warning("nothing is counted: %s", error)
            return [None for _ in wanted]

    async def _read(self, ids: list[str], fields: Sequence[str]) -> list[Row]:
        return await self._store.rows({"_id": {"$in": ids}}, fields) if ids else []

    def _look(
        self, wanted: Wanted, order: Found, tier: int, beyond: int | None, id: str, limit: int
    ) -> tuple[list[tuple[int, int, str]], int]:
        """Tier, sort key and id of one more than a page, and how many there are. The best first: tickets that have all
        of the words in what they are called and whose they are, then all others; the newest of each first."""
        by, descending = ORDERS[order]
        heads = replace(wanted, texts=(HEAD,))
        is_tiered = order is Found.BEST and wanted.words
        tiers = [heads, replace(wanted, without=heads)] if is_tiered else [wanted]
        found: list[tuple[int, int, str]] = []
        counts: list[int] = []
        for number, one in enumerate(tiers):
            if number < tier or len(found) > limit:
                continue
            start = beyond if number == tier else None
            hits, count = self.index.search(one, by, descending, start, limit + 1 + SPARE)
            hits.sort(key=lambda hit: (-hit[0] if descending else hit[0], hit[1]))
            found += [(number, key, of) for key, of in hits if start is None or key != start or of > id]
            counts += [count] if start is None else []
        total = sum(counts) if len(counts) == len(tiers) else self.index.count(wanted)
        return found[: limit + 1], total


def _position(of: str, after: str) -> tuple[int, int, str]:
    key, id = unseal(of, after)
    tier, _, beyond = str(key).partition("/")
    if tier not in ("0", "1") or not beyond.isdecimal() or int(beyond) > LARGEST:
        raise invalid()
    return int(tier), int(beyond), id

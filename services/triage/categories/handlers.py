"""Categories are kept by an administrator, and known to every ticket."""

from dataclasses import dataclass
from functools import partial

from services.triage.categories.domain import (
    MOST_CATEGORIES,
    SEEDS,
    Categories,
    CategoryRecord,
    CategorySettings,
    TooManyCategories,
)
from services.triage.categories.store import CategoryRecords
from services.triage.teams.handlers import TeamHandlers
from services.triage.work.values import TRIAGE_ORIGIN
from shared.cache import Cache
from shared.domain import Origin

FRESH_FOR = 2.0  # seconds in which a change by another replica may go unseen


@dataclass
class CategoryHandlers:
    store: CategoryRecords
    teams: TeamHandlers

    def __post_init__(self) -> None:
        self._cache = Cache(self._read, FRESH_FOR)

    async def seed(self) -> None:
        for one in SEEDS:
            await self.store.add(one, [], TRIAGE_ORIGIN)

    async def known(self) -> Categories:
        return await self._cache.get()

    async def put(self, key: str, said: CategorySettings, by: Origin) -> CategoryRecord:
        """Raises TooManyCategories, Invalid, Stale."""
        known = await self._cache.refresh()
        known.ensure_fits(key, said.parent or "")
        await self.teams.ensure_exist([said.team] if said.team else [], "body.team")
        if key not in known.by_key:
            if len(known.by_key) >= MOST_CATEGORIES:
                raise TooManyCategories(
                    f"There can be at most {MOST_CATEGORIES} categories", f"最多可以设置 {MOST_CATEGORIES} 个类别"
                )
            await self.store.add(CategoryRecord(id=key), [], Origin(by.actor))
        return self._changed(await self.store.change(key, partial(CategoryRecord.describe, said=said), by))

    async def retire(self, key: str, by: Origin) -> CategoryRecord:
        """Raises NotFound, Stale."""
        return self._changed(await self.store.change(key, CategoryRecord.retire, by))

    def _changed(self, record: CategoryRecord) -> CategoryRecord:
        self._cache.drop()
        return record

    async def _read(self) -> Categories:
        found = sorted([one async for one in self.store.all()], key=lambda one: one.id)
        return Categories({one.id: one for one in found})

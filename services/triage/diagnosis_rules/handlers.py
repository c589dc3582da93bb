"""Rules are kept by administrators, and known to every process."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.triage.categories.handlers import CategoryHandlers
from services.triage.diagnosis_rules.domain import MOST_RULES, DiagnosisRule, RuleSettings, TooManyRules, in_order
from services.triage.diagnosis_rules.store import DiagnosisRules
from shared.cache import Cache
from shared.domain import NotFound, Origin
from shared.service import Now

FRESH_FOR = 2.0  # seconds in which a change by another replica may go unseen


@dataclass
class RuleHandlers:
    store: DiagnosisRules
    categories: CategoryHandlers
    now: Now

    def __post_init__(self) -> None:
        self._active = Cache(self._read, FRESH_FOR)

    async def active(self) -> Sequence[DiagnosisRule]:
        """In the order in which they are asked."""
        return await self._active.get()

    async def all(self) -> list[DiagnosisRule]:
        found = [one async for one in self.store.all() if one.versions]
        return sorted(found, key=lambda one: (one.current.order, one.id))

    async def get(self, id: str) -> DiagnosisRule:
        """Raises NotFound."""
        found = await self.store.get(id)
        if not found.versions:  # whoever entered it did not get further
            raise NotFound.of(id)
        return found

    async def ensure_valid(self, said: RuleSettings) -> None:
        """Raises Invalid."""
        said.ensure_useful()
        if said.category is not None:
            (await self.categories.known()).ensure_active(said.category.value, "body.category")

    async def put(self, id: str, said: RuleSettings, by: Origin) -> DiagnosisRule:
        """Raises Invalid, TooManyRules, TooManyVersions, Stale."""
        await self.ensure_valid(said)
        if await self.store.find(id) is None:
            if await self.store.count({}) >= MOST_RULES:
                raise TooManyRules(f"There can be at most {MOST_RULES} rules", f"最多可以设置 {MOST_RULES} 条规则")
            await self.store.add(DiagnosisRule(id=id), [], Origin(by.actor))
        return self._changed(await self.store.change(id, lambda one: one.set_up(said, by.actor, self.now()), by))

    async def retire(self, id: str, by: Origin) -> DiagnosisRule:
        """Raises NotFound, TooManyVersions, Stale."""
        await self.get(id)
        return self._changed(await self.store.change(id, lambda one: one.retire(by.actor, self.now()), by))

    def _changed(self, rule: DiagnosisRule) -> DiagnosisRule:
        self._active.drop()
        return rule

    async def _read(self) -> Sequence[DiagnosisRule]:
        return in_order([one async for one in self.store.all()])

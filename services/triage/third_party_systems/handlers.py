"""Third-party systems are entered by an admin, and suspected by what errors say."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from services.triage.third_party_systems.domain import (
    MOST_SYSTEMS,
    Signatures,
    ThirdPartySystem,
    TooManySystems,
    suspected,
)
from services.triage.third_party_systems.store import ThirdPartySystems
from shared.domain import Origin


@dataclass(frozen=True)
class SystemHandlers:
    store: ThirdPartySystems

    async def put(self, id: str, said: Signatures, by: Origin) -> ThirdPartySystem:
        """Raises TooManySystems."""
        if await self.store.find(id) is None:
            if len(await self.all()) >= MOST_SYSTEMS:
                raise TooManySystems(f"there are {MOST_SYSTEMS} already", f"最多 {MOST_SYSTEMS} 个")
            await self.store.add(ThirdPartySystem(id=id), [], Origin(by.actor))
        return await self.store.change(id, partial(ThirdPartySystem.describe, said=said), by)

    async def remove(self, id: str) -> ThirdPartySystem:
        """What it was. Raises NotFound."""
        known = await self.store.get(id)
        await self.store.remove([id])
        return known

    async def all(self) -> list[ThirdPartySystem]:
        found = [one async for one in self.store.all()]
        return sorted(found, key=lambda one: (one.name_en, one.id))

    async def suspected(self, evidence: Iterable[str]) -> list[list[str]]:
        """Of each error the ids of the systems that it points to."""
        return suspected(await self.all(), evidence)

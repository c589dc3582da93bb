"""Third parties are entered by an admin, and looked up when one is engaged."""

from dataclasses import dataclass
from functools import partial

from services.triage.third_parties.domain import MOST_PARTIES, Party, PartyDetails, TooManyParties
from services.triage.third_parties.store import Parties
from shared.domain import Invalid, Origin


@dataclass(frozen=True)
class PartyHandlers:
    store: Parties

    async def all(self) -> list[Party]:
        return sorted([one async for one in self.store.all()], key=lambda one: (one.details.name, one.id))

    async def put(self, id: str, said: PartyDetails, by: Origin) -> Party:
        """Raises TooManyParties, Stale."""
        if await self.store.find(id) is None:
            if await self.store.count({}) >= MOST_PARTIES:
                raise TooManyParties(f"there are {MOST_PARTIES} already", f"最多 {MOST_PARTIES} 个")
            await self.store.add(Party(id=id, details=said), [], Origin(by.actor))
        return await self.store.change(id, partial(Party.describe, said=said), by)

    async def active(self, id: str) -> Party:
        """Raises Invalid."""
        found = await self.store.find(id)
        if found is None or not found.details.active:
            raise Invalid(f"There is no third party {id}", f"没有第三方“{id}”", "body.third_party")
        return found

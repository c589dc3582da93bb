"""Engineers are entered, described, and say when they are available."""

from dataclasses import dataclass
from functools import partial

from services.triage.routing.domain import Engineer, Profile
from services.triage.routing.handlers import RoutingHandlers
from services.triage.routing.store import Engineers
from shared.auth import Principal
from shared.domain import Origin


@dataclass(frozen=True)
class EngineerHandlers:
    store: Engineers
    routing: RoutingHandlers

    async def register(self, who: Principal) -> Engineer:
        """Who is not known yet is entered as available, since they have just asked for something."""
        if known := await self.store.find(who.sub):
            return known
        name, language = who.name or who.sub, who.language or "zh"
        new = Engineer(id=who.sub, name=name, email=who.email, language=language, available=True)
        return await self.store.add(new, [], Origin(who.sub))

    async def describe(self, sub: str, profile: Profile, by: Origin) -> Engineer:
        await self.store.add(Engineer(id=sub, name=profile.name), [], Origin(by.actor))
        decide = partial(Engineer.describe, profile=profile)
        return await self._offer_urgent(await self.store.change(sub, decide, by))

    async def set_available(self, sub: str, available: bool, by: Origin) -> Engineer:
        decide = partial(Engineer.set_available, available=available)
        return await self._offer_urgent(await self.store.change(sub, decide, by))

    async def _offer_urgent(self, engineer: Engineer) -> Engineer:
        if not (engineer.is_senior and engineer.available):
            return engineer
        await self.routing.assign_urgent()
        return await self.store.get(engineer.id)

"""Entering staff under their names."""

from dataclasses import dataclass

from services.intake.staff.store import Staff
from shared.auth import Principal
from shared.domain import Origin


@dataclass(frozen=True)
class StaffHandlers:
    store: Staff

    async def enter(self, who: Principal) -> None:
        """Under the name that their token has now; whose token has none stays as they are."""
        if not who.name:
            return
        by = Origin(who.sub)
        known = await self.store.add(self.store.kind(id=who.sub, name=who.name), [], by)
        if known.name != who.name:
            await self.store.change(who.sub, lambda member: member.call(who.name), by)

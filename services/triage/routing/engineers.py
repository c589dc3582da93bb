"""Engineers are entered, described, deactivated, and say when they are available."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.triage.routing.domain import Engineer, HandOver
from services.triage.routing.handlers import RoutingHandlers
from services.triage.routing.store import Engineers
from services.triage.work.values import Actor
from shared.auth import Principal
from shared.domain import Invalid, NotFound, Origin


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

    async def enter(self, sub: str, facts: Mapping[str, Any], by: Origin) -> Engineer:
        """Enter an engineer, or change what these fields of Profile say. Raises Stale; Invalid for a team that there
        is not."""
        await self.routing.teams.ensure_exist(facts.get("teams", ()))
        if by.if_match is None:
            await self.store.add(Engineer(id=sub, name=str(facts.get("name", sub))), [], Origin(by.actor))
        return await self._describe(sub, facts, by)

    async def change(self, sub: str, facts: Mapping[str, Any], by: Origin) -> Engineer:
        """Fields of Profile; the others stay as they are. Raises NotFound, Stale, Invalid."""
        await self.routing.teams.ensure_exist(facts.get("teams", ()))
        return await self._describe(sub, facts, by)

    async def set_available(self, sub: str, available: bool, by: Origin) -> Engineer:
        """Raises NotFound, Deactivated."""
        decide = partial(Engineer.set_available, available=available)
        return await self._offer(await self.store.change(sub, decide, by))

    async def deactivate(self, sub: str, to: str, reason: str, who: Actor, by: Origin) -> Engineer:
        """They are given nothing any more, and what they hold goes to `to`, as far as they may take it, else to the
        queue. Raises NotFound, Stale; Invalid for who cannot take anything over."""
        heir = await self.store.find(to) if to else None
        if to and (heir is None or not heir.active or to == sub):
            raise Invalid(f"{to} cannot take tickets over", f"{to} 无法接手工单", "body.to")
        hand_over = HandOver(to=to, reason=reason, by=who.sub, by_name=who.name, at=self.routing.now())
        departed = await self.store.change(sub, partial(Engineer.deactivate, hand_over=hand_over), by)
        await self._hand_over(departed)
        return await self.store.get(sub)

    async def activate(self, sub: str, by: Origin) -> Engineer:
        """Raises NotFound, Stale."""
        return await self.store.change(sub, Engineer.activate, by)

    async def hand_over_rest(self) -> None:
        """Of whom was deactivated, when that was not finished."""
        for departed in await self.store.where({"active": False}):
            await self._hand_over(departed)

    async def _hand_over(self, departed: Engineer) -> None:
        if (said := departed.hand_over) is None:
            return
        by = Actor(said.by, said.by_name, is_lead=True)
        for ticket in sorted(await self.routing.work.store.held_by(departed.id)):
            try:
                await self.routing.put_back(ticket, departed.id, said.to, said.reason, by)
            except NotFound:
                continue

    async def _describe(self, sub: str, facts: Mapping[str, Any], by: Origin) -> Engineer:
        return await self._offer(await self.store.change(sub, partial(Engineer.describe, facts=facts), by))

    async def _offer(self, engineer: Engineer) -> Engineer:
        """They may be who somebody waits for."""
        if not engineer.available:
            return engineer
        if engineer.is_senior:
            await self.routing.urgent.assign_waiting()
        await self.routing.dispatch.run()
        return await self.store.get(engineer.id)

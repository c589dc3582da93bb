"""Who holds how many tickets, so that limits hold on every replica and a wrong count mends itself.

A place is kept with the engineer before the work item is given to them, both by conditional writes. What a crash
leaves between the two is found by `mend`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from services.triage.domain import WorkItem
from services.triage.engineers import Engineer, Place, choose
from services.triage.records import BY_ITSELF
from services.triage.store import Engineers, WorkItems
from shared.domain import NotFound, Origin, Stale
from shared.events import Event, TriageAssigned, TriageReleased
from shared.service import Now

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loads:
    work: WorkItems
    engineers: Engineers
    promises_last: timedelta
    now: Now
    reserving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def give(
        self,
        ticket: str,
        version: int,
        urgent: bool,
        engineer: str,
        give: Callable[[Engineer], Awaitable[WorkItem]],
        key: str = "",
    ) -> WorkItem:
        """Keep a place for the ticket, of which this version was seen, then give it. Raises LimitReached, and what
        `give` raises; NotFound when there is no such engineer."""
        place = self._place(ticket, version)
        there = await self.engineers.change(engineer, lambda one: one.keep(place, urgent, key), BY_ITSELF)
        return await self.carry_out(place, there, give)

    async def carry_out(
        self, place: Place, engineer: Engineer, give: Callable[[Engineer], Awaitable[WorkItem]]
    ) -> WorkItem:
        """Give the ticket for which this place was kept. As a rule the place is then what it was promised to be, and
        there is nothing more to write."""
        try:
            item = await give(engineer)
        except BaseException:
            await self._follow(await self.work.find(place.ticket), place, engineer.id)
            raise
        if not (_is_with(item, engineer.id) and item.version == place.version):
            await self._follow(item, place, engineer.id)
        return item

    async def senior_for(self, item: WorkItem, but_not: str = "") -> tuple[Engineer, Place] | None:
        """The senior for an urgent ticket, with a place kept for it; None when nobody is available.

        One after the other: many at once would all choose the same engineer, and all but one would choose again.
        """
        place = self._place(item.id, item.version)
        async with self.reserving:
            while True:
                seniors = [one for one in await self.engineers.available_seniors() if one.id != but_not]
                senior = choose(seniors, item.id, item.category, item.problem.product)
                if senior is None:
                    return None
                seen = Origin(BY_ITSELF.actor, if_match=senior.version)
                try:
                    kept = await self.engineers.change(senior.id, lambda one: one.keep(place, True), seen)
                except Stale:
                    continue  # another replica gave them one, so they may no longer be the one with the fewest
                return kept, place

    async def settle(self, item: WorkItem, engineer: str) -> None:
        """Make what they hold agree with the work item."""

        def settle(one: Engineer) -> list[Event]:
            if _is_with(item, engineer):
                return one.hold(item.id, item.version, self.now())
            return one.let_go(item.id, item.version)

        await self._change(engineer, settle)

    async def count(self, event: TriageAssigned | TriageReleased) -> None:
        """Also when who gave or released it did not get that far."""
        engineers = [event.engineer]
        if isinstance(event, TriageAssigned) and event.instead_of:
            engineers.append(event.instead_of)
        item = None
        for id in dict.fromkeys(engineers):
            engineer = await self.engineers.find(id)
            if engineer and not engineer.has_heard(event.subject, event.revision):
                item = item or await self.work.get(event.subject)
                await self.settle(item, id)

    async def mend(self) -> int:
        """Engineers' tickets and open work items, made to agree both ways; how many did not."""
        wrong = 0
        for engineer in [one async for one in self.engineers.all()]:
            theirs = await self.work.held_by(engineer.id)
            missing = theirs - set(engineer.tickets)
            extra = [place for place in engineer.places if place.ticket not in theirs]
            found = [await self._add(engineer.id, ticket) for ticket in sorted(missing)]
            found += [await self._remove(engineer.id, place) for place in extra]
            wrong += sum(found)
        if wrong:
            logger.warning("%d tickets were counted wrong and are put right", wrong)
        return wrong

    # ---- inside

    def _place(self, ticket: str, version: int) -> Place:
        return Place(ticket=ticket, version=version + 1, since=self.now(), promise=uuid4().hex[:8])

    async def _follow(self, item: WorkItem | None, place: Place, engineer: str) -> None:
        def follow(one: Engineer) -> list[Event]:
            if item and _is_with(item, engineer):
                return one.hold(item.id, item.version, self.now())
            one.give_up(place)
            return one.let_go(item.id, item.version) if item else []

        await self._change(engineer, follow)

    async def _add(self, engineer: str, ticket: str) -> bool:
        item = await self.work.find(ticket)
        if item is None or not _is_with(item, engineer):
            return False
        found = False

        def add(one: Engineer) -> list[Event]:
            nonlocal found
            found = one.place_for(ticket) is None
            if found:
                one.forget(ticket)
                one.hold(ticket, item.version, self.now())
            return []

        await self._change(engineer, add)
        return found

    async def _remove(self, engineer: str, place: Place) -> bool:
        item = await self.work.find(place.ticket)
        if item and _is_with(item, engineer):
            return False
        is_promise = item is None or item.version < place.version
        if is_promise and self.now() < place.since + self.promises_last:
            return False  # it is being given
        found = False

        def remove(one: Engineer) -> list[Event]:
            nonlocal found
            found = place in one.places
            return one.give_up(place)

        await self._change(engineer, remove)
        return found

    async def _change(self, engineer: str, decide: Callable[[Engineer], list[Event]]) -> None:
        try:
            await self.engineers.change(engineer, decide, BY_ITSELF)
        except NotFound:
            logger.warning("there is no engineer %s whose tickets could be counted", engineer)


def _is_with(item: WorkItem, engineer: str) -> bool:
    return item.open and item.assignee == engineer

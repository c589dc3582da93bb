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

from services.triage.routing.domain import Engineer, Promise, choose
from services.triage.routing.store import Engineers
from services.triage.work.domain import WorkItem
from services.triage.work.store import WorkItems
from services.triage.work.values import BY_ITSELF
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
        promise = self._promise(ticket, version)
        there = await self.engineers.change(engineer, lambda one: one.promise(promise, urgent, key), BY_ITSELF)
        return await self.carry_out(promise, there, give)

    async def carry_out(
        self, promise: Promise, engineer: Engineer, give: Callable[[Engineer], Awaitable[WorkItem]]
    ) -> WorkItem:
        """Give the ticket that was promised. As a rule its place is then as it was promised to be, and there is nothing
        more to write."""
        try:
            item = await give(engineer)
        except BaseException:
            await self._follow(await self.work.find(promise.ticket), promise, engineer.id)
            raise
        if not (_is_with(item, engineer.id) and item.version == promise.version):
            await self._follow(item, promise, engineer.id)
        return item

    async def senior_for(self, item: WorkItem, but_not: str = "") -> tuple[Engineer, Promise] | None:
        """The senior to whom an urgent ticket is promised; None when nobody is available.

        One after the other: many at once would all choose the same engineer, and all but one would choose again.
        """
        promise = self._promise(item.id, item.version)
        async with self.reserving:
            while True:
                seniors = [one for one in await self.engineers.available_seniors() if one.id != but_not]
                senior = choose(seniors, item.id, item.category, item.problem.product)
                if senior is None:
                    return None
                seen = Origin(BY_ITSELF.actor, if_match=senior.version)
                try:
                    kept = await self.engineers.change(senior.id, lambda one: one.promise(promise, True), seen)
                except Stale:
                    continue  # another replica gave them one, so they may no longer be the one with the fewest
                return kept, promise

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
        wrong = sum([await self._mend(engineer) for engineer in [one async for one in self.engineers.all()]])
        if wrong:
            logger.warning("%d tickets were counted wrong and are put right", wrong)
        return wrong

    # ---- inside

    def _promise(self, ticket: str, version: int) -> Promise:
        return Promise(ticket=ticket, version=version + 1, at=self.now(), made_by=uuid4().hex[:8])

    async def _follow(self, item: WorkItem | None, promise: Promise, engineer: str) -> None:
        def follow(one: Engineer) -> list[Event]:
            if item and _is_with(item, engineer):
                return one.hold(item.id, item.version, self.now())
            one.break_promise(promise)
            return one.let_go(item.id, item.version) if item else []

        await self._change(engineer, follow)

    async def _mend(self, seen: Engineer) -> int:
        doubtful = sorted(await self.work.held_by(seen.id) ^ set(seen.places))
        if not doubtful:
            return 0
        rows = {row["id"]: row for row in await self.work.holders_of(doubtful)}
        wrong: list[str] = []

        def mend(one: Engineer) -> list[Event]:
            wrong.clear()
            for ticket in doubtful:
                row = rows.get(ticket)
                version = row["version"] if row else 0
                is_theirs = bool(row and row["open"] and row["assignee"] == one.id)
                has_changed = (one.places.get(ticket), one.gone.get(ticket)) != (
                    seen.places.get(ticket),
                    seen.gone.get(ticket),
                )
                if has_changed or is_theirs == (ticket in one.places) or self._is_being_given(one, ticket, version):
                    continue
                wrong.append(ticket)
                one.forget(ticket)
                if is_theirs:
                    one.hold(ticket, version, self.now())
            return []

        await self._change(seen.id, mend)
        return len(wrong)

    def _is_being_given(self, engineer: Engineer, ticket: str, version: int) -> bool:
        promise = engineer.promised(ticket)
        if promise is None or self.now() >= promise.at + self.promises_last:
            return False
        return version < engineer.places.get(ticket, 0)

    async def _change(self, engineer: str, decide: Callable[[Engineer], list[Event]]) -> None:
        try:
            await self.engineers.change(engineer, decide, BY_ITSELF)
        except NotFound:
            logger.warning("there is no engineer %s whose tickets could be counted", engineer)


def _is_with(item: WorkItem, engineer: str) -> bool:
    return item.open and item.assignee == engineer

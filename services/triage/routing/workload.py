"""Who holds how many tickets, so that limits hold on every replica and a wrong count mends itself.

Capacity is reserved with the engineer before the work item is assigned to them, both by conditional writes. What a
crash leaves between the two is found by `reconcile`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from services.triage.routing.candidates import Chosen
from services.triage.routing.domain import Engineer, Reservation
from services.triage.routing.store import Engineers
from services.triage.work.domain import Overtaken, WorkItem
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN
from shared.domain import NotFound, Origin, Stale
from shared.events import Event, TriageAssigned, TriageReleased
from shared.service import Now

ATTEMPTS = 5  # at an assignment of a ticket that others write at the same time

logger = logging.getLogger(__name__)
Assign = Callable[[Engineer], Awaitable[WorkItem]]
Choose = Callable[[Sequence[Engineer], datetime], Chosen | None]


@dataclass(frozen=True)
class Workload:
    work: WorkHandlers
    engineers: Engineers
    reservation_lasts: timedelta
    now: Now
    reserving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def assign(
        self, ticket: str, version: int, urgent: bool, engineer: str, assign: Assign, key: str = ""
    ) -> WorkItem:
        """Reserve capacity for the ticket, of which this version was seen, then assign it; once more when it has been
        written meanwhile. Raises CannotTake, and what `assign` raises; NotFound when there is no such engineer."""
        attempts = 0
        while True:
            attempts += 1
            one = self._reservation(ticket, version)
            reserve = partial(Engineer.reserve, one=one, urgent=urgent, key=key)
            reserved = await self.engineers.change(engineer, reserve, TRIAGE_ORIGIN)
            try:
                return await self.assign_reserved(one, reserved, assign)
            except Overtaken:
                if attempts == ATTEMPTS:
                    raise
                version = (await self.work.store.get(ticket)).version

    async def assign_reserved(self, one: Reservation, engineer: Engineer, assign: Assign) -> WorkItem:
        """As a rule the engineer then holds it just as it was reserved, and there is nothing more to write."""
        try:
            item = await assign(engineer)
        except BaseException:
            await self._end_reservation(await self.work.store.find(one.ticket), one, engineer.id)
            raise
        if not (_is_with(item, engineer.id) and item.version == one.version):
            await self._end_reservation(item, one, engineer.id)
        return item

    async def reserve_chosen(self, item: WorkItem, choose: Choose) -> tuple[Chosen, Reservation] | None:
        """Who was chosen for the ticket, with capacity reserved; None when nobody may take it.

        One after the other: many at once would all choose the same engineer, and all but one would choose again.
        """
        one = self._reservation(item.id, item.version)
        async with self.reserving:
            while True:
                chosen = choose(await self.engineers.roster(), one.at)
                if chosen is None:
                    return None
                seen = Origin(TRIAGE_ORIGIN.actor, if_match=chosen.engineer.version)
                try:
                    engineer = await self.engineers.change(
                        chosen.engineer.id, lambda there: there.reserve(one, item.is_urgent), seen
                    )
                    return Chosen(engineer, chosen.choice), one
                except Stale:
                    continue  # another replica assigned them one, so they may no longer be the one with the fewest

    async def update(self, item: WorkItem, engineer: str) -> None:
        """Make what they hold agree with the work item."""

        def update(one: Engineer) -> list[Event]:
            if _is_with(item, engineer):
                return one.hold(item.id, item.version, self.now())
            return one.release(item.id, item.version)

        await self._change(engineer, update)

    async def hear(self, event: TriageAssigned | TriageReleased) -> None:
        """Also when who assigned or released it did not get that far."""
        engineers = [event.engineer]
        if isinstance(event, TriageAssigned) and event.instead_of:
            engineers.append(event.instead_of)
        item = None
        for id in dict.fromkeys(engineers):
            ours = self.engineers.written(id)
            if ours and ours.knows(event.subject, event.revision):  # only who made a reservation takes it back
                continue
            engineer = await self.engineers.find(id)
            if engineer and not engineer.knows(event.subject, event.revision):
                item = item or await self.work.store.get(event.subject)
                await self.update(item, id)

    async def reconcile(self) -> int:
        """Engineers' tickets and open work items, made to agree both ways; how many did not."""
        wrong = sum([await self._reconcile(engineer) for engineer in [one async for one in self.engineers.all()]])
        if wrong:
            logger.warning("%d tickets were counted wrong and have been corrected", wrong)
        return wrong

    # ---- inside

    def _reservation(self, ticket: str, version: int) -> Reservation:
        return Reservation(ticket=ticket, version=version + 1, at=self.now(), made_by=uuid4().hex[:8])

    async def _end_reservation(self, item: WorkItem | None, one: Reservation, engineer: str) -> None:
        """What has become of the reservation."""

        def end(there: Engineer) -> list[Event]:
            if item and _is_with(item, engineer):
                return there.hold(item.id, item.version, self.now())
            there.cancel(one)
            return there.release(item.id, item.version) if item else []

        await self._change(engineer, end)

    async def _reconcile(self, seen: Engineer) -> int:
        doubtful = sorted(await self.work.store.held_by(seen.id) ^ set(seen.held))
        if not doubtful:
            return 0
        rows = {row["id"]: row for row in await self.work.store.assignees_of(doubtful)}
        wrong: list[str] = []

        def correct(one: Engineer) -> list[Event]:
            wrong.clear()
            for ticket in doubtful:
                row = rows.get(ticket)
                version = row["version"] if row else 0
                is_theirs = bool(row and row["open"] and row["assignee"] == one.id)
                has_changed = (one.held.get(ticket), one.released.get(ticket)) != (
                    seen.held.get(ticket),
                    seen.released.get(ticket),
                )
                if has_changed or is_theirs == (ticket in one.held) or self._is_being_assigned(one, ticket, version):
                    continue
                wrong.append(ticket)
                one.forget(ticket)
                if is_theirs:
                    one.hold(ticket, version, self.now())
            return []

        await self._change(seen.id, correct)
        return len(wrong)

    def _is_being_assigned(self, engineer: Engineer, ticket: str, version: int) -> bool:
        one = engineer.reservation_of(ticket)
        if one is None or self.now() >= one.at + self.reservation_lasts:
            return False
        return version < engineer.held.get(ticket, 0)

    async def _change(self, engineer: str, decide: Callable[[Engineer], list[Event]]) -> None:
        try:
            await self.engineers.change(engineer, decide, TRIAGE_ORIGIN)
        except NotFound:
            logger.warning("engineer %s does not exist, so their tickets are not counted", engineer)


def _is_with(item: WorkItem, engineer: str) -> bool:
    return item.open and item.assignee == engineer

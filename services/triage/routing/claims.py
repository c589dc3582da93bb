"""Engineers take tickets from the queue: the next one that fits, or a certain one."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial

from services.triage.routing import assignment
from services.triage.routing.candidates import fits
from services.triage.routing.domain import CannotTake, Engineer
from services.triage.routing.handlers import RoutingHandlers
from services.triage.routing.queue_head import QueueHead
from services.triage.work.domain import AlreadyAssigned, WorkItem
from services.triage.work.handlers import WorkHandlers
from shared.domain import Conflict, NotFound, Origin
from shared.terms import Priority, Text


class QueueEmpty(NotFound):
    title = Text("No ticket for you in the queue", "队列中没有适合您的工单")


class OutOfOrder(Conflict):
    title = Text("Other tickets come first", "请按队列顺序领取")


@dataclass(frozen=True)
class ClaimHandlers:
    work: WorkHandlers
    routing: RoutingHandlers
    head: QueueHead = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "head", QueueHead(partial(self.work.store.queue_page, {"assignee": ""})))

    async def claim_next(self, engineer: Engineer, origin: Origin) -> WorkItem:
        """The first in the queue that fits. Raises QueueEmpty, CannotTake.

        An urgent one waits only while no senior engineer is available; then anybody's help is better than none.
        """
        if origin.key and (known := engineer.claimed_ticket(origin.key)):
            try:
                return await self._claim(await self.work.store.get(known), engineer, "", origin, is_next=True)
            except AlreadyAssigned:
                pass  # it had been assigned to somebody else before they had it
        async for row in self.head.rows():
            if not (fits(engineer, row) and self.head.is_free(row)):
                continue
            urgent = row["priority"] == Priority.URGENT
            # Who will be refused keeps nobody from it.
            may_take = engineer.may_take(urgent, self.routing.now())
            try:
                with self.head.taking(row) if may_take else nullcontext():
                    return await self._take(row["id"], row["version"], urgent, engineer, "", origin, is_next=True)
            except AlreadyAssigned:
                continue
        raise QueueEmpty("no ticket in the queue matches your skills", "队列中没有与您的技能匹配的工单")

    async def claim(self, ticket: str, engineer: Engineer, reason: str, origin: Origin) -> WorkItem:
        """This one; out of order only with a reason. Raises AlreadyAssigned, OutOfOrder, CannotTake."""
        item = await self.work.store.get(ticket)
        if not reason and item.open and not item.assignee:
            await self._ensure_next(item, engineer)
        return await self._claim(item, engineer, reason, origin)

    async def _claim(
        self, item: WorkItem, engineer: Engineer, reason: str, origin: Origin, is_next: bool = False
    ) -> WorkItem:
        if item.open and not item.assignee:
            return await self._take(item.id, item.version, item.is_urgent, engineer, reason, origin, is_next)
        return await self._assign(item.id, engineer, reason, origin, is_next)

    async def _take(
        self, ticket: str, version: int, urgent: bool, engineer: Engineer, reason: str, origin: Origin, is_next: bool
    ) -> WorkItem:
        async def assign(reserved: Engineer) -> WorkItem:
            return await self._assign(ticket, reserved, reason, origin, is_next)

        try:
            return await self.routing.workload.assign(ticket, version, urgent, engineer.id, assign, origin.key)
        except CannotTake as refusal:
            return await self.routing.refuse(ticket, refusal, origin)

    async def _assign(self, ticket: str, engineer: Engineer, reason: str, origin: Origin, is_next: bool) -> WorkItem:
        now = self.routing.now()
        decide = partial(assignment.claim, engineer=engineer, reason=reason, is_next=is_next, now=now)
        return await self.work.store.change(ticket, decide, origin)

    async def _ensure_next(self, item: WorkItem, engineer: Engineer) -> None:
        """It may be the first of all, the first of its queue, or the first that fits."""
        first = ""
        of_its_queue = fitting = False  # whether such a one comes before it
        async for row in self.head.rows():
            if row["id"] == item.id:
                return
            first = first or row["id"]
            of_its_queue = of_its_queue or row["queue"] == item.queue
            fitting = fitting or fits(engineer, row)
            if of_its_queue and fitting:
                break
        if not first:
            return
        raise OutOfOrder(
            f"{first} comes before {item.id}; give a reason to claim it out of order",
            f"{first} 排在 {item.id} 之前，如需优先领取请填写原因",
        )

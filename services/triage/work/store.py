"""Where work items are kept, and the questions that are asked of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.triage.work.domain import WorkItem
from services.triage.work.queue_order import DUE_KEY, QUEUE_KEY, QueueOrder, due_key
from services.triage.work.values import TRIAGE_ORIGIN
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import ByText, Index, Row, Store

ROW = (
    "problem.title",
    "problem.product",
    "problem.module",
    "customer",
    "company",
    "category",
    "priority",
    "queue",
    "work",
    "assignee",
    "assignee_name",
    "next_due",
    "breached",
    "due_is_provisional",
    "consultation_due",
    "deep_analysis",
    "waiting_for",
    "opened_at",
    "urges",
    "disputed",
    "team",
    "version",
    QUEUE_KEY,
)
NARROWEST = ("assignee", "queue")  # the first that is asked for picks the index
LOOKED_AT = 200
OPEN = "0"  # both keys of every open item sort behind it, those of a closed one before


class WorkItems(Store[WorkItem]):
    kind = WorkItem
    projection = True
    indexes = (
        Index((QUEUE_KEY,)),
        *(Index((name, QUEUE_KEY)) for name in NARROWEST),
        Index((*NARROWEST, QUEUE_KEY)),  # what nobody has of one queue
        Index(("assignee", "team", QUEUE_KEY)),  # of one team
        Index((DUE_KEY,)),
        Index(("assignee", DUE_KEY)),
        Index(("due_at",), sparse=True),
    )

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.orders = {
            QueueOrder.QUEUE: ByText(QUEUE_KEY, first=OPEN),
            QueueOrder.DUE: ByText(DUE_KEY, first=OPEN),
        }

    async def queue_page(
        self,
        wanted: Mapping[str, Any],
        after: str | None = None,
        limit: int = 50,
        order: QueueOrder = QueueOrder.QUEUE,
    ) -> tuple[list[Row], str | None]:
        """Rows of open items in this order, and the cursor of the next page; `wanted` gives a value or several for any
        of `queue`, `assignee`, `team`, `waiting_for`."""
        # An older release that runs beside this one leaves the other key of what it closes as it was.
        is_open = {"open": True} if order is QueueOrder.DUE else {}
        return await self.page_of_rows({**wanted, **is_open}, self.orders[order], after, limit, ROW)

    async def survey_queue(self) -> None:
        """So that the first page after a start is as quick as the others. What an older release sorted by priority
        alone, or not by when it is due, is sorted anew."""
        for row in await self.rows({QUEUE_KEY: {"$gte": OPEN}}, (QUEUE_KEY, DUE_KEY, "next_due")):
            key = str(row[QUEUE_KEY])
            if key >= "2" or row.get(DUE_KEY) != due_key(row.get("next_due"), key):
                await self.change(row["id"], lambda _: [], TRIAGE_ORIGIN)
        for order in self.orders.values():
            await self.survey(order)

    async def unassigned(self) -> list[tuple[str, int, datetime]]:
        """How many open items nobody has, and when the first of them was opened, by priority (empty: none yet)."""
        groups = {"_id": "$priority", "count": {"$sum": 1}, "oldest": {"$min": "$opened_at"}}
        found = await self.aggregate([{"$match": {"assignee": "", QUEUE_KEY: {"$gte": OPEN}}}, {"$group": groups}])
        return [(str(one["_id"] or ""), int(one["count"]), one["oldest"]) for one in found]

    async def urgent_unassigned(self) -> list[str]:
        """Those that come first, at most LOOKED_AT."""
        rows = await self.rows({"assignee": "", QUEUE_KEY: {"$gt": "0", "$lt": "1"}}, (QUEUE_KEY,))
        return [row["id"] for row in sorted(rows, key=lambda row: str(row[QUEUE_KEY]))][:LOOKED_AT]

    async def urgent_alarmed(self) -> list[WorkItem]:
        """Those of which an alarm stands that nobody has answered, in queue order, at most LOOKED_AT."""
        rows = await self.rows({QUEUE_KEY: {"$gt": "0", "$lt": "1"}}, (QUEUE_KEY, "alarm_at"))
        raised = sorted((row for row in rows if row.get("alarm_at")), key=lambda row: str(row[QUEUE_KEY]))
        found = {one.id: one for one in await self.where({"_id": {"$in": [row["id"] for row in raised]}})}
        alarmed = (found[row["id"]] for row in raised if row["id"] in found)
        return [item for item in alarmed if item.is_alarmed and item.alarm_due_at][:LOOKED_AT]

    async def held_by(self, engineer: str) -> set[str]:
        """The open items that they have."""
        rows = await self.rows({"assignee": engineer, QUEUE_KEY: {"$gte": OPEN}}, ("version",))
        return {row["id"] for row in rows}

    async def confirmed(self, since: datetime, limit: int) -> list[tuple[str, str]]:
        """Texts and categories of tickets that people confirmed or corrected, of those opened since then."""
        words = ("title", "description", "error_text")
        fields = (*(f"problem.{name}" for name in words), "category")
        rows = await self.rows({"taught": True, "opened_at": {"$gte": since}}, fields, limit)
        return [("\n".join(str(row["problem"].get(name, "")) for name in words), str(row["category"])) for row in rows]

    async def assignees_of(self, tickets: Sequence[str]) -> list[Row]:
        """Who has them, at which version, and whether they are open."""
        return await self.rows({"_id": {"$in": list(tickets)}}, ("assignee", "open", "version"))

    def _dump(self, aggregate: WorkItem) -> dict[str, Any]:
        due = {"due_at": aggregate.due_at} if aggregate.due_at else {}
        key = aggregate.queue_key()
        return {**super()._dump(aggregate), QUEUE_KEY: key, DUE_KEY: due_key(aggregate.next_due, key), **due}

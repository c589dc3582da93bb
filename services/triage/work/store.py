"""Where work items are kept, and the questions that are asked of them."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.triage.work.domain import QUEUE_KEY, WorkItem
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, Row, Store

ROW = (
    "problem.title",
    "problem.product",
    "customer",
    "company",
    "category",
    "priority",
    "queue",
    "work",
    "stage",
    "assignee",
    "assignee_name",
    "next_due",
    "breached",
    "consultation_due",
    "waiting_for",
    "opened_at",
    "disputed",
    "version",
    QUEUE_KEY,
)
NARROWEST = ("assignee", "queue")  # the first that is asked for picks the index
APART = 50  # open items between two marks
STEP = 4
TOO_MANY = 8  # times as many as were wanted
MAX_MARKS = 4000
MAX_FILTERS = 1000
Filter = tuple[tuple[str, str], ...]
OPEN = "0"  # the queue key of every open item sorts behind it, that of a closed one before


class WorkItems(Store[WorkItem]):
    """A server may read and sort all that a range holds, however few are wanted, so a page is read up to a bound that
    is likely to hold just enough. `_marks` are queue keys about fifty open items apart, `_reach` how many of
    them each filter needed the last time. Both are guesses: a wrong one costs a second look, never a wrong answer."""

    kind = WorkItem
    projection = True
    indexes = (Index((QUEUE_KEY,)), *(Index((name, QUEUE_KEY)) for name in NARROWEST))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self._marks: list[str] = []
        self._reach: dict[Filter, int] = {}

    async def queue_page(self, wanted: Mapping[str, str], after: str = "", limit: int = 50) -> list[Row]:
        """Rows of open items in queue order; `wanted` gives values for any of `queue`, `assignee`, `waiting_for`."""
        filter = tuple(sorted(wanted.items()))
        reach = self._reach.get(filter, 1)
        while True:
            bound = self._mark(after, reach)
            rows = await self._between(wanted, after, bound)
            if not wanted:
                self._replace_marks(after, bound, rows)
            if len(rows) >= limit or not bound:
                break
            reach *= STEP
        if len(rows) > TOO_MANY * limit:
            self._add_marks(rows)
            reach = max(1, reach // STEP)
        if len(self._reach) >= MAX_FILTERS:
            self._reach.clear()
        self._reach[filter] = reach
        return rows[:limit]

    async def load_marks(self) -> None:
        """So that the first page after a start is as quick as the others."""
        rows = await self.rows(self.query({}), (QUEUE_KEY,))
        self._replace_marks("", "", sorted(rows, key=_key))

    async def urgent_unassigned(self) -> list[str]:
        rows = await self.rows({"assignee": "", QUEUE_KEY: {"$gt": "0", "$lt": "1"}}, (QUEUE_KEY,))
        return [row["id"] for row in sorted(rows, key=_key)]

    async def held_by(self, engineer: str) -> set[str]:
        """The open items that they have."""
        rows = await self.rows({"assignee": engineer, QUEUE_KEY: {"$gte": OPEN}}, ("version",))
        return {row["id"] for row in rows}

    async def assignees_of(self, tickets: Sequence[str]) -> list[Row]:
        """Who has them, at which version, and whether they are open."""
        return await self.rows({"_id": {"$in": list(tickets)}}, ("assignee", "open", "version"))

    def query(self, wanted: Mapping[str, str], after: str = "", bound: str = "") -> dict[str, Any]:
        """One equality and one range, answered by one index; a second equality makes the embedded server scan."""
        leading = next((name for name in NARROWEST if name in wanted), None)
        # Not from "" on: the embedded server would step over every closed item, which all have that key.
        between: dict[str, str] = {"$gt": after} if after else {"$gte": OPEN}
        if bound:
            between["$lte"] = bound
        return {**({leading: wanted[leading]} if leading else {}), QUEUE_KEY: between}

    async def _between(self, wanted: Mapping[str, str], after: str, bound: str) -> list[Row]:
        found = await self.rows(self.query(wanted, after, bound), ROW)
        return sorted((row for row in found if all(row[name] == value for name, value in wanted.items())), key=_key)

    def _mark(self, after: str, reach: int) -> str:
        """So many marks behind `after`; empty when there are not so many."""
        at = bisect_right(self._marks, after) + reach
        return self._marks[at] if at < len(self._marks) else ""

    def _replace_marks(self, after: str, bound: str, rows: list[Row]) -> None:
        """These are all the open items in this range: its marks are where they ought to be again."""
        self._marks = [mark for mark in self._marks if mark <= after or (bound and mark >= bound)]
        self._add_marks(rows)

    def _add_marks(self, rows: list[Row]) -> None:
        self._marks = sorted({*self._marks, *(_key(row) for row in rows[APART - 1 :: APART])})
        if len(self._marks) > MAX_MARKS:
            self._marks = self._marks[::2]

    def _dump(self, aggregate: WorkItem) -> dict[str, Any]:
        return {**super()._dump(aggregate), QUEUE_KEY: aggregate.queue_key()}


def _key(row: Row) -> str:
    return str(row[QUEUE_KEY])

"""Where work items are kept, and the questions that are asked of them."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.triage.work.domain import WorkItem
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import Index, Store

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
    "pressing",
)
NARROWEST = ("assignee", "queue")  # the first that is asked for picks the index
APART = 50  # open items between two marks
STEP = 4
TOO_MANY = 8
MOST_MARKS = 4000
REMEMBERED_FILTERS = 1000
Row = dict[str, Any]
Filter = tuple[tuple[str, str], ...]
OPEN = "0"  # every open item's place sorts behind it, a closed one's before


class WorkItems(Store[WorkItem]):
    """A server may read and sort all that a range holds, however few are wanted, so a page is read up to a bound that
    is likely to hold just enough. `_marks` are places in the queue about fifty open items apart, `_reach` how many of
    them each filter needed the last time. Both are guesses: a wrong one costs a second look, never a wrong answer."""

    kind = WorkItem
    projection = True
    indexes = (Index(("pressing",)), *(Index((name, "pressing")) for name in NARROWEST))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self._marks: list[str] = []
        self._reach: dict[Filter, int] = {}

    async def most_pressing(self, wanted: Mapping[str, str], after: str = "", limit: int = 50) -> list[Row]:
        """Rows of open items in queue order; `wanted` gives values for any of `queue`, `assignee`, `waiting_for`."""
        filter = tuple(sorted(wanted.items()))
        reach = self._reach.get(filter, 1)
        while True:
            bound = self._mark(after, reach)
            rows = await self._between(wanted, after, bound)
            if not wanted:
                self._know(after, bound, rows)
            if len(rows) >= limit or not bound:
                break
            reach *= STEP
        if len(rows) > TOO_MANY * limit:
            self._add_marks(rows)
            reach = max(1, reach // STEP)
        if len(self._reach) >= REMEMBERED_FILTERS:
            self._reach.clear()
        self._reach[filter] = reach
        return rows[:limit]

    async def look_over(self) -> None:
        """Learn how the queue lies, so that the first page after a start is as quick as the others."""
        rows = await self.rows(self.query({}), ("pressing",))
        self._know("", "", sorted(rows, key=_place))

    async def urgent_unassigned(self) -> list[str]:
        rows = await self.rows({"assignee": "", "pressing": {"$gt": "0", "$lt": "1"}}, ("pressing",))
        return [row["id"] for row in sorted(rows, key=_place)]

    async def held_by(self, engineer: str) -> set[str]:
        """The open items that they have."""
        rows = await self.rows({"assignee": engineer, "pressing": {"$gte": OPEN}}, ("version",))
        return {row["id"] for row in rows}

    async def holders_of(self, tickets: Sequence[str]) -> list[Row]:
        """Who has them, at which version, and whether they are open."""
        return await self.rows({"_id": {"$in": list(tickets)}}, ("assignee", "open", "version"))

    def query(self, wanted: Mapping[str, str], after: str = "", bound: str = "") -> dict[str, Any]:
        """One equality and one range, answered by one index; a second equality makes the embedded server scan."""
        leading = next((name for name in NARROWEST if name in wanted), None)
        # Not from "" on: the embedded server would step over every closed item, which all have that place.
        between: dict[str, str] = {"$gt": after} if after else {"$gte": OPEN}
        if bound:
            between["$lte"] = bound
        return {**({leading: wanted[leading]} if leading else {}), "pressing": between}

    async def _between(self, wanted: Mapping[str, str], after: str, bound: str) -> list[Row]:
        found = await self.rows(self.query(wanted, after, bound), ROW)
        return sorted((row for row in found if all(row[name] == value for name, value in wanted.items())), key=_place)

    def _mark(self, after: str, reach: int) -> str:
        """So many marks behind `after`; empty when there are not so many."""
        at = bisect_right(self._marks, after) + reach
        return self._marks[at] if at < len(self._marks) else ""

    def _know(self, after: str, bound: str, rows: list[Row]) -> None:
        """These are all the open items in this range: its marks are where they ought to be again."""
        self._marks = [mark for mark in self._marks if mark <= after or (bound and mark >= bound)]
        self._add_marks(rows)

    def _add_marks(self, rows: list[Row]) -> None:
        self._marks = sorted({*self._marks, *(_place(row) for row in rows[APART - 1 :: APART])})
        if len(self._marks) > MOST_MARKS:
            self._marks = self._marks[::2]

    def _dump(self, aggregate: WorkItem) -> dict[str, Any]:
        return {**super()._dump(aggregate), "pressing": aggregate.pressing()}


def _place(row: Row) -> str:
    return str(row["pressing"])

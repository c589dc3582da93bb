"""Where work items and engineers are kept, and the questions that are asked of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from services.triage.domain import WorkItem
from services.triage.engineers import Engineer, Level
from shared.outbox import Sender
from shared.store import Database, Index, Store

ROW = (
    "problem.title",
    "problem.product",
    "customer",
    "company",
    "category",
    "priority",
    "queue",
    "stage",
    "assignee",
    "assignee_name",
    "next_due",
    "breached",
    "consultation_due",
    "waiting_for",
    "opened_at",
    "pressing",
)
NARROWEST = ("assignee", "waiting_for", "queue")  # the first that is asked for picks the index
STEP = 4
REMEMBERED_FILTERS = 500
Row = dict[str, Any]


class WorkItems(Store[WorkItem]):
    """A server may read and sort all that a range holds, so a page is asked for with an upper bound that is likely to
    hold just enough: `_bounds` remembers, for each filter, where so many rows ended the last time."""

    kind = WorkItem
    indexes = (Index(("pressing",)), *(Index((name, "pressing")) for name in NARROWEST))

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self._bounds: dict[tuple[tuple[str, str], ...], list[str]] = {}

    async def most_pressing(self, wanted: Mapping[str, str], after: str = "", limit: int = 50) -> list[Row]:
        """Rows of open items in queue order; `wanted` gives values for any of `queue`, `assignee`, `waiting_for`."""
        filter = tuple(sorted(wanted.items()))
        bounds = [bound for bound in self._bounds.get(filter, []) if bound > after]
        rows: list[Row] = []
        for bound in (*bounds, ""):
            rows = await self._between(wanted, after, bound)
            if not after and (not bound or len(rows) > STEP * STEP * limit):
                self._remember(filter, rows, limit)
            if len(rows) >= limit:
                break
        return rows[:limit]

    async def urgent_unassigned(self) -> list[str]:
        rows = await self.rows({"assignee": "", "pressing": {"$gt": "0", "$lt": "1"}}, ("pressing",))
        return [row["id"] for row in sorted(rows, key=_place)]

    async def claimed_with(self, key: str, assignee: str) -> str | None:
        """The open item that this request gave to them before."""
        rows = await self.rows({"assignee": assignee, "pressing": {"$gt": ""}}, ("claimed_with",))
        return next((row["id"] for row in rows if row["claimed_with"] == key), None)

    def query(self, wanted: Mapping[str, str], after: str = "", bound: str = "") -> dict[str, Any]:
        """One equality and one range, answered by one index; a second equality makes the embedded server scan."""
        leading = next((name for name in NARROWEST if name in wanted), None)
        between: dict[str, str] = {"$gt": after}
        if bound:
            between["$lte"] = bound
        return {**({leading: wanted[leading]} if leading else {}), "pressing": between}

    async def _between(self, wanted: Mapping[str, str], after: str, bound: str) -> list[Row]:
        found = await self.rows(self.query(wanted, after, bound), ROW)
        return sorted((row for row in found if all(row[name] == value for name, value in wanted.items())), key=_place)

    def _remember(self, filter: tuple[tuple[str, str], ...], rows: list[Row], limit: int) -> None:
        """Bounds behind 2, 8, 32 … pages."""
        places, place = [], 2 * limit
        while place < len(rows):
            places.append(_place(rows[place]))
            place *= STEP
        if len(self._bounds) >= REMEMBERED_FILTERS:
            self._bounds.clear()
        self._bounds[filter] = places

    def _dump(self, aggregate: WorkItem) -> dict[str, Any]:
        return {**super()._dump(aggregate), "pressing": aggregate.pressing()}


class Engineers(Store[Engineer]):
    kind = Engineer
    indexes = (Index(("level", "available")),)

    async def available_seniors(self) -> list[Engineer]:
        return await self.where({"level": Level.SENIOR.value, "available": True})


def _place(row: Row) -> str:
    return str(row["pressing"])

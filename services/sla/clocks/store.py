"""What is kept of the clocks of each ticket, and the questions asked of it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.sla.clocks.clock import Standing
from services.sla.clocks.domain import TicketClocks
from shared.mongo import Database
from shared.outbox import Sender
from shared.store import ByText, EarliestFirst, Index, Store
from shared.terms import EARLIEST, ClockKind

PAGE = 200
RESULT = ("state", "target", "met_at", "breached_at", "reached", "elapsed_ms")
# Where each kind of warning begins and ends in their list.
SPANS = {what: (f"{n}", f"{n + 1}") for n, what in enumerate(Standing)}
RULES = ("opened_at", "company", "tier", "product", "team", "agreed", "policy", "promise", "calendar")


class Clocks(Store[TicketClocks]):
    kind = TicketClocks
    projection = True
    indexes = (
        Index(("opened_at",)),
        Index(("open", "deadline")),
        Index(("standing",), sparse=True),
    )

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        super().__init__(database, sender, now)
        self.most_urgent_first = EarliestFirst("deadline", now)
        self.worst_first = ByText("standing")

    async def running_out(
        self, until: datetime, query: Mapping[str, Any], after: str | None, limit: int
    ) -> tuple[list[TicketClocks], str | None]:
        """A page of those with a running clock that is, or was, due before `until`; the most urgent first."""
        found, next = await self.page({"open": True, **query}, self.most_urgent_first, after, limit)
        due = [one for one in found if one.deadline and one.deadline <= until]
        return due, next if len(due) == len(found) else None

    async def warned(
        self, what: Standing | None, after: str | None, limit: int
    ) -> tuple[list[TicketClocks], str | None]:
        """A page of those with warnings that stand, the worst first; of which the worst is `what`."""
        span = (None, None) if what is None else SPANS[what]
        rows, next = await self.page_of_rows({}, self.worst_first, after, limit, (), span)
        found = {one.id: one for one in await self.where({"_id": {"$in": [row["id"] for row in rows]}})}
        return [found[row["id"]] for row in rows if row["id"] in found], next

    async def count_warned(self) -> dict[Standing, int]:
        """How many tickets have warnings that stand, by the worst of them."""
        return {what: await self.count({"standing": {"$gte": a, "$lt": b}}) for what, (a, b) in SPANS.items()}

    async def late_without_standing(self, now: datetime) -> list[str]:
        """Those that an older release wrote last, which did not keep this."""
        rows = await self.rows({"open": True, "deadline": {"$lt": now}}, ("late", "standing"))
        return [row["id"] for row in rows if row.get("late") and "standing" not in row]

    async def counted_before(self, calendar: str, since: datetime) -> AsyncIterator[list[str]]:
        """Open tickets that were counted by an older version of this calendar, page by page."""
        while tickets := [
            row["id"]
            for row in await self.rows({"open": True}, ("calendar", "calendar_since"))
            if row.get("calendar") == calendar and row.get("calendar_since", EARLIEST) < since
        ]:
            for start in range(0, len(tickets), PAGE):
                yield tickets[start : start + PAGE]

    async def opened_since(self, moment: datetime) -> list[dict[str, Any]]:
        """By which policy each ticket was counted that was opened then or later."""
        return await self.rows({"opened_at": {"$gte": moment}}, RULES)

    async def results(self, tickets: Sequence[str]) -> list[Mapping[str, Any]]:
        """How each of their clocks stands, with the version as of which this is so."""
        fields = [f"clocks.{kind}.{name}" for kind in ClockKind for name in RESULT]
        fields += [f"earlier_call_backs.{name}" for name in RESULT]
        return list(await self.rows({"_id": {"$in": list(tickets)}}, ["version", "disputed", *fields]))

    def _dump(self, aggregate: TicketClocks) -> dict[str, Any]:
        state = super()._dump(aggregate)
        if state["standing"] is None:
            del state["standing"]  # so that the sparse index holds only those that have some
        return state

"""What is kept of the clocks of each ticket, and the questions asked of it."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from services.sla.calendars.domain import EPOCH
from services.sla.clocks.domain import TicketClocks
from shared.store import Index, Store

AT_A_TIME = 200
OUTCOME = ("state", "met_at", "breached_at", "elapsed_ms")
COUNTED = ("clocks.response", "clocks.resolution", "clocks.call_back", "earlier_call_backs")
RULES = ("opened_at", "company", "policy", "promise", "calendar")


class Clocks(Store[TicketClocks]):
    kind = TicketClocks
    projection = True
    indexes = (
        Index(("deadline",)),
        Index(("opened_at",)),
        Index(("open", "calendar", "calendar_since")),
    )

    async def running_out(self, until: datetime, limit: int) -> list[TicketClocks]:
        """Those with a clock that runs out, or ran out and still runs, before `until`; the most urgent first."""
        # The lower bound keeps the index range clear of tickets without a deadline.
        return await self.where({"deadline": {"$gt": EPOCH, "$lte": until}}, sort="deadline", limit=limit)

    async def counted_by_another(self, calendar: str, since: datetime) -> AsyncIterator[list[str]]:
        """Open tickets whose deadlines come from an older version of this calendar, some at a time."""
        query = {"open": True, "calendar": calendar, "calendar_since": {"$lt": since}}
        while rows := await self.rows(query, (), limit=AT_A_TIME):
            yield [row["id"] for row in rows]

    async def opened_since(self, moment: datetime) -> list[dict[str, Any]]:
        """By which rules each ticket is counted that was opened then or later."""
        return await self.rows({"opened_at": {"$gte": moment}}, RULES)

    async def opened_between(self, since: datetime, until: datetime) -> list[Mapping[str, Any]]:
        """What statistics need of each, and no more."""
        fields = [f"{clock}.{name}" for clock in COUNTED for name in OUTCOME]
        return list(
            await self.rows(
                {"opened_at": {"$gte": since, "$lt": until}, "disputed": {"$ne": True}},
                ["opened_at", "priority", "satisfaction", "resolved_at", *fields],
            )
        )

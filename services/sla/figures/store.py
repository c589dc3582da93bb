"""Records of tickets, the days under which they are counted, and their sums."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.sla.figures.domain import Day, DaySums, TicketRecord, sums_id
from shared.store import Index, Store

AT_ONCE = 16  # days that are read together


class Records(Store[TicketRecord]):
    kind = TicketRecord
    projection = True
    has_outbox = False
    indexes = (Index(("day",)), Index(("open",)))

    async def of_day(self, day: str) -> list[TicketRecord]:
        return await self.where({"day": day})

    async def of_days(self, days: Sequence[str], query: Mapping[str, Any]) -> AsyncIterator[list[TicketRecord]]:
        """Some days at a time, in their order."""
        for start in range(0, len(days), AT_ONCE):
            some = days[start : start + AT_ONCE]
            found = await self.where({**query, "day": {"$gte": some[0], "$lte": some[-1]}})
            yield sorted(found, key=lambda one: (one.day, one.id))

    async def all_open(self) -> list[TicketRecord]:
        return await self.where({"open": True})


class Days(Store[Day]):
    kind = Day
    projection = True
    has_outbox = False

    async def behind(self, days: Sequence[str]) -> set[str]:
        """Those of them that were marked since they were counted."""
        rows = await self.rows({"_id": {"$in": list(days)}}, ("marked", "counted"))
        return {row["id"] for row in rows if row["marked"] > row["counted"]}


class Sums(Store[DaySums]):
    kind = DaySums
    projection = True
    has_outbox = False

    async def of_days(self, days: Sequence[str], dimension: str) -> AsyncIterator[DaySums]:
        for start in range(0, len(days), AT_ONCE):
            ids = [sums_id(day, dimension) for day in days[start : start + AT_ONCE]]
            for one in await self.where({"_id": {"$in": ids}}):
                yield one


def days_between(since: date, until: date) -> list[str]:
    """From `since` until before `until`."""
    return [(since + timedelta(days=n)).isoformat() for n in range((until - since).days)]

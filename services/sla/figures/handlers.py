"""Keeping records of tickets, counting the days that they belong to, and reading the sums."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from services.sla.calendars.domain import MILLISECOND
from services.sla.calendars.handlers import CalendarHandlers
from services.sla.clocks.handlers import ClockHandlers
from services.sla.figures.counting import DIMENSIONS, EVERYTHING, counts, sums_of
from services.sla.figures.domain import Day, DaySums, TicketRecord, sums_id
from services.sla.figures.facts import hear
from services.sla.figures.results import take_results
from services.sla.figures.store import Days, Records, Sums, days_between
from shared.domain import Invalid, NotFound, Origin
from shared.events import Event
from shared.service import Now
from shared.terms import Text

BY_TIME = Origin.service("sla")
MAX_PERIOD = timedelta(days=400)
A_DAY = timedelta(days=1)
Added = dict[str, Counter[str]]


class BadPeriod(Invalid):
    title = Text("Invalid period", "统计时间段无效")


@dataclass(frozen=True)
class FigureHandlers:
    records: Records
    days: Days
    sums: Sums
    clocks: ClockHandlers
    calendars: CalendarHandlers
    now: Now

    # ---- facts about tickets

    async def hear(self, events: Sequence[Event]) -> None:
        """After the clocks have heard them. A day is marked after the records of it were written, and before the events
        are acknowledged: whatever dies in between, it comes again and marks the day once more."""
        by_ticket: dict[str, list[Event]] = {}
        for event in events:
            by_ticket.setdefault(event.subject, []).append(event)
        results = {row["id"]: row for row in await self.clocks.results(list(by_ticket))}

        days: set[str] = set()

        def decide(record: TicketRecord) -> list[Event]:
            for event in by_ticket[record.id]:
                hear(record, event, self._day_of)
            if row := results.get(record.id):
                take_results(record, row)
            days.add(record.day)
            return []

        new = [TicketRecord(id=ticket) for ticket in await self.records.change_all(list(by_ticket), decide, BY_TIME)]
        for record in new:
            decide(record)
        added = await asyncio.gather(*(self.records.add(record, [], BY_TIME) for record in new))
        if others := [one.id for one, mine in zip(added, new, strict=True) if one is not mine]:
            await self.records.change_all(others, decide, BY_TIME)
        for day in sorted(days - {""}):
            await self._mark(day)

    async def _mark(self, day: str) -> None:
        mark = partial(Day.mark, now=self.now())
        with suppress(NotFound):
            await self.days.change(day, mark, BY_TIME)
            return
        new = Day(id=day)
        mark(new)
        if await self.days.add(new, [], BY_TIME) is not new:
            await self.days.change(day, mark, BY_TIME)

    def _day_of(self, moment: datetime) -> str:
        return self.calendars.catalog.day_of(moment).isoformat()

    # ---- counting

    async def count_due(self, days: Sequence[str]) -> None:
        for day in days:
            await self._count(day)

    async def count_all(self) -> None:
        """Every day that was marked since it was counted."""
        for one in [one async for one in self.days.all()]:
            if one.counted < one.marked:
                await self._count(one.id)

    async def _count(self, day: str) -> None:
        """Its records are read after its mark: all that was marked by then is in the sums. Of two replicas that count
        at once, the sums as of the later mark stay."""
        mark = (await self.days.get(day)).marked
        records = await self.records.of_day(day)
        counted = await asyncio.to_thread(sums_of, records)
        ids = [sums_id(day, name) for name in DIMENSIONS]
        there = {row["id"] for row in await self.sums.rows({"_id": {"$in": ids}}, ("counted",))}
        await asyncio.gather(*(self.sums.add(DaySums(id=id), [], BY_TIME) for id in ids if id not in there))
        await self.sums.change_all(ids, partial(_replace, counted=counted, mark=mark), BY_TIME)
        await self.days.change(day, partial(Day.count, mark=mark, records=len(records), now=self.now()), BY_TIME)

    # ---- what is asked

    async def added(self, since: date, until: date, dimension: str, only: str | None = None) -> Added:
        """What was counted of the tickets opened from `since` until before `until`, by value. Raises BadPeriod."""
        total: Added = {}
        async for one in self.sums.of_days(self.period(since, until), dimension):
            for value, pairs in one.sums:
                if only is None or value == only:
                    total.setdefault(value, Counter()).update(dict(pairs))
        return total

    async def opened(self, since: datetime, until: datetime, dimension: str) -> Added:
        """The same of the tickets opened between these moments, as things stand: days of which a part is asked for, and
        those that are to be counted again, are counted now."""
        day_of, midnight = self.calendars.catalog.day_of, self.calendars.catalog.midnight
        first, last = day_of(since), day_of(until - MILLISECOND)
        days = days_between(first, last + A_DAY)
        parts = {end.isoformat() for end in (first, last) if midnight(end) < since or midnight(end + A_DAY) > until}
        apart = sorted(parts | await self.days.behind(days))
        total: Added = {}
        async for one in self.sums.of_days([day for day in days if day not in apart], dimension):
            for value, pairs in one.sums:
                total.setdefault(value, Counter()).update(dict(pairs))
        for day in apart:
            for record in await self.records.of_day(day):
                if record.opened_at and since <= record.opened_at < until:
                    for value in DIMENSIONS[dimension](record):
                        total.setdefault(value, Counter()).update(counts(record))
        return total

    async def total(self, since: date, until: date) -> Counter[str]:
        return (await self.added(since, until, EVERYTHING)).get(EVERYTHING, Counter())

    async def open_now(self, dimension: str) -> Added:
        """What is counted of the tickets that are open, whenever they were opened."""
        found: Added = {}
        for one in await self.records.all_open():
            for value in DIMENSIONS[dimension](one):
                found.setdefault(value, Counter()).update(counts(one))
        return found

    async def behind(
        self, figure: str, days: Sequence[str] | None, dimension: str, value: str | None, limit: int
    ) -> tuple[list[TicketRecord], bool]:
        """The tickets that make up a figure, and whether there are more; `days` None: of those that are open."""
        found: list[TicketRecord] = []
        async for one in self._records(days):
            fits = value is None or value in DIMENSIONS[dimension](one)
            if fits and counts(one).get(figure):
                if len(found) == limit:
                    return found, True
                found.append(one)
        return found, False

    async def taken_up(self, tickets: Sequence[str]) -> dict[str, datetime]:
        """When somebody had each of them first."""
        rows = await self.records.rows({"_id": {"$in": list(tickets)}}, ("assigned_at",))
        return {row["id"]: row["assigned_at"] for row in rows if row.get("assigned_at")}

    async def who_has(self, tickets: Sequence[str]) -> dict[str, tuple[str, str]]:
        """The engineer and the team of each; empty where there is none."""
        rows = await self.records.rows({"_id": {"$in": list(tickets)}}, ("engineer", "team"))
        return {row["id"]: (row.get("engineer", ""), row.get("team", "")) for row in rows}

    def recorded(self, since: date, until: date) -> AsyncIterator[list[TicketRecord]]:
        """The records of some days at a time."""
        return self.records.of_days(days_between(since, until), {})

    async def _records(self, days: Sequence[str] | None) -> AsyncIterator[TicketRecord]:
        if days is None:
            for one in sorted(await self.records.all_open(), key=lambda one: (one.day, one.id)):
                yield one
            return
        async for some in self.records.of_days(days, {}):
            for one in some:
                yield one

    def period(self, since: date, until: date) -> list[str]:
        """Its days. Raises BadPeriod."""
        if not timedelta() < until - since <= MAX_PERIOD:
            raise BadPeriod(
                f"`until` must be after `since`, by at most {MAX_PERIOD.days} days",
                f"`until` 须晚于 `since`，且间隔不超过 {MAX_PERIOD.days} 天",
            )
        return days_between(since, until)

    async def today(self) -> date:
        await self.calendars.refresh()
        return self.calendars.catalog.day_of(self.now())


def _replace(one: DaySums, counted: Mapping[str, Mapping[str, Mapping[str, int]]], mark: int) -> list[Any]:
    if mark >= one.counted:
        values = counted[one.id.partition("/")[2]]
        one.sums = [(value, sorted(values[value].items())) for value in sorted(values)]
        one.counted = mark
    return []

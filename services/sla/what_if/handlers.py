"""Replaying a range of tickets, day by day, off the event loop and within bounds."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.sla.calendars.handlers import CalendarHandlers
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.handlers import ClockHandlers
from services.sla.clocks.rules import Rules
from services.sla.figures.handlers import FigureHandlers
from services.sla.policies.handlers import PolicyHandlers
from services.sla.policies.targets import SlaTargets
from services.sla.what_if.domain import Compared, compare, job_of, with_alternative
from services.sla.what_if.staffing import Job, moved
from shared.domain import NotFound
from shared.service import Now

MOST_TICKETS = 20_000
SECONDS = 20.0  # after which it stops at the end of a day


@dataclass(frozen=True)
class Staffing:
    """So many engineers then, so many instead, each with so many tickets at once."""

    then: int
    instead: int
    tickets_each: int


@dataclass
class Answer:
    """`until` is the day before which it ended: earlier than asked where there were too many tickets."""

    compared: Compared
    until: date


@dataclass(frozen=True)
class WhatIfHandlers:
    clocks: ClockHandlers
    policies: PolicyHandlers
    calendars: CalendarHandlers
    figures: FigureHandlers
    now: Now
    _one: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def replay(
        self,
        since: date,
        until: date,
        policy: str,
        targets: SlaTargets,
        calendar: str,
        staffing: Staffing | None,
        seconds: float = SECONDS,
    ) -> Answer:
        """Raises BadPeriod, and NotFound for an unknown policy or calendar."""
        days = [date.fromisoformat(day) for day in self.figures.period(since, until)]
        await self.policies.refresh(at_once=True)
        rules = self._rules(policy, targets, calendar)
        async with self._one:
            return await self._replay(days, rules, staffing, time.monotonic() + seconds)

    async def _replay(self, days: Sequence[date], rules: Rules, staffing: Staffing | None, end: float) -> Answer:
        found, now, jobs = Compared(), self.now(), list[Job]()
        for day in days:
            if found.tickets >= MOST_TICKETS or time.monotonic() > end:
                return Answer(found, day)
            begins = self.calendars.catalog.midnight(day)
            tickets = await self.clocks.opened_on(begins, self.calendars.catalog.midnight(day + timedelta(days=1)))
            others = {}
            if staffing:
                jobs += await self._jobs(tickets)
                each = staffing.tickets_each
                others = await asyncio.to_thread(moved, jobs, staffing.then * each, staffing.instead * each)
                jobs = [job for job in jobs if job.begun_at + job.takes > begins]
            found.add(await asyncio.to_thread(compare, tickets, rules, others, now))
        return Answer(found, days[-1] + timedelta(days=1))

    async def _jobs(self, tickets: Sequence[TicketClocks]) -> list[Job]:
        taken_up = await self.figures.taken_up([ticket.id for ticket in tickets])
        jobs = (job_of(ticket, taken_up.get(ticket.id), self.now()) for ticket in tickets)
        return [job for job in jobs if job]

    def _rules(self, policy: str, targets: SlaTargets, calendar: str) -> Rules:
        rules = self.clocks.rules
        if calendar:
            self.calendars.catalog.get(calendar)
        version = None
        if policy:
            found = next((one for one in rules.policies.all() if one.id == policy), None)
            if found is None:
                raise NotFound(f"SLA policy {policy} does not exist", f"SLA 策略 {policy} 不存在")
            version = found.terms[-1]
        return with_alternative(rules, version, targets, calendar)

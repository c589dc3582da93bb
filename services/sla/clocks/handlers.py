"""What the clocks of tickets do with events, with time, and when policies and calendars change."""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.sla.calendars.handlers import CalendarHandlers
from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.clock import Standing
from services.sla.clocks.domain import OutdatedRules, TicketClocks
from services.sla.clocks.facts import MAX_CLOCK_SKEW, FactKind, fact_of
from services.sla.clocks.rules import Rules
from services.sla.clocks.store import PAGE, Clocks
from services.sla.policies.handlers import PolicyHandlers
from services.sla.policies.matching import Subject
from shared.domain import NotFound, Origin, Unavailable
from shared.events import (
    AskClockTargets,
    ClockTarget,
    ClockTargets,
    ContactErased,
    Event,
    SlaCalendarChanged,
    SlaPolicyChanged,
)
from shared.service import Now
from shared.store import Decide
from shared.telemetry import REUSED
from shared.terms import ClockKind

PROMISED = (ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.CALL_BACK)  # to customers
BY_TIME = Origin.service("sla")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClockHandlers:
    """`silent`: while the clocks are rebuilt from the stream."""

    store: Clocks
    policies: PolicyHandlers
    calendars: CalendarHandlers
    now: Now
    silent: bool = False

    @property
    def rules(self) -> Rules:
        return Rules(self.policies.catalog, self.calendars.catalog)

    # ---- facts about tickets

    async def hear(self, event: Event) -> None:
        """The first event about a ticket, whichever it is, creates its document."""
        now = self.now()
        fact = fact_of(event, now)
        if fact is None:
            return
        if event.time > now + MAX_CLOCK_SKEW:
            logger.warning("%s %s has a time in the future: %s", event.kind, event.id, event.time)

        def record(clocks: TicketClocks, is_current: bool) -> list[Event]:
            if clocks.contradicts(fact) and not clocks.disputed:
                REUSED.labels("sla").inc()
                logger.error("%s was opened by another event before, %s is ignored", clocks.id, event.id)
                return clocks.dispute()
            return clocks.record(fact, self.rules, is_current, self.silent)

        is_first = fact.what is FactKind.OPENED
        await self._by_current_rules(
            lambda is_current: self._change(event, lambda clocks: record(clocks, is_current), is_first)
        )

    async def restore_published(self, event: Event) -> None:
        await self._change(event, lambda clocks: clocks.restore_published(event))

    async def forget(self, event: ContactErased) -> None:
        for ticket in event.tickets:
            with suppress(NotFound):
                await self.store.change(ticket, TicketClocks.forget, BY_TIME)

    async def _change(self, event: Event, decide: Decide[TicketClocks], is_first: bool = False) -> None:
        """The document knows from its facts which events it has: nothing else is remembered of them."""
        by = replace(BY_TIME, cause=event.id)

        def named(clocks: TicketClocks) -> list[Event]:
            return _named(decide(clocks), event.id, clocks.id)

        if not is_first:
            try:
                await self.store.change(event.subject, named, by)
            except NotFound:
                logger.debug("%s of %s comes first", event.kind, event.subject)
            else:
                return
        new = TicketClocks(id=event.subject)
        if await self.store.add(new, named(new), by) is not new:
            await self.store.change(event.subject, named, by)

    # ---- time, policies and calendars

    async def check_due(self, tickets: Sequence[str]) -> None:
        """A clock of each of these tickets warns or is breached."""
        await self._by_current_rules(lambda is_current: self._check(tickets, is_current))

    async def apply_calendar(self, event: SlaCalendarChanged) -> None:
        """Every open deadline that comes from this calendar is counted again. What was done stays done when it is
        interrupted."""
        if self.silent and not await self.calendars.restore(event):
            return
        await self.policies.refresh(at_once=True)
        since = self.rules.calendar_since(event.calendar, None)
        async for tickets in self.store.counted_before(event.calendar, since):
            await self._check(tickets, is_current=True)

    async def apply_policy(self, event: SlaPolicyChanged) -> None:
        """Tickets opened just when it came into force may have been counted by the version before it."""
        if self.silent:
            await self.policies.restore(event)
        await self.policies.refresh(at_once=True)
        tickets = [row["id"] for row in await self.store.opened_since(event.valid_from) if self._is_outdated(row)]
        for start in range(0, len(tickets), PAGE):
            await self._check(tickets[start : start + PAGE], is_current=True)

    def _is_outdated(self, row: Mapping[str, Any]) -> bool:
        known = {name: row.get(name, "") for name in ("company", "tier", "product", "team")}
        subject = Subject(**known, policy=row.get("agreed", ""))
        id, version = self.policies.catalog.in_force(subject, row["opened_at"])
        return (id, version.revision) != (row["policy"], row["promise"])

    async def _check(self, tickets: Sequence[str], is_current: bool) -> None:
        rules = self.rules

        def decide(clocks: TicketClocks) -> list[Event]:
            before = due_times(clocks)
            told = clocks.check_due(self.now(), rules, is_current, self.silent)
            for kind, due_at in due_times(clocks).items():
                if before.get(kind) != due_at:
                    logger.info("%s: %s was due %s, is due %s", clocks.id, kind, before.get(kind), due_at)
            return told

        await self.store.change_all(tickets, decide, BY_TIME)

    async def _by_current_rules(self, change: Callable[[bool], Awaitable[None]]) -> None:
        """Where a ticket was counted by other rules than those in memory, or its calendar is missing there, they are
        read again."""
        await self.policies.refresh()
        try:
            await change(False)
        except (OutdatedRules, Unavailable):
            await self.policies.refresh(at_once=True)
            await change(True)

    # ---- what is asked

    async def targets(self, asked: AskClockTargets) -> ClockTargets:
        """Of the clocks that customers are told of. Asked over the bus."""
        found = await self.store.find(asked.ticket)
        if found is None or found.disputed:
            return ClockTargets(promises=[])
        clocks = {kind: found.clocks[kind] for kind in PROMISED if kind in found.clocks}
        return ClockTargets(
            promises=[
                ClockTarget(clock=kind, due_at=one.due_at, met_at=one.met_at, provisional=one.provisional)
                for kind, one in clocks.items()
            ]
        )

    async def get(self, ticket: str) -> TicketClocks:
        """Raises NotFound."""
        await self.policies.refresh()
        found = await self.store.get(ticket)
        if found.opened_at is None:
            raise NotFound(f"ticket {ticket} has no clocks yet", f"工单 {ticket} 尚未开始计时")
        return found

    async def running_out(
        self, until: datetime, query: Mapping[str, Any], after: str | None, limit: int
    ) -> tuple[list[TicketClocks], str | None]:
        """A page of tickets with a running clock that is, or was, due before `until`, the most urgent first."""
        await self.policies.refresh()
        return await self.store.running_out(until, query, after, limit)

    async def warned(
        self, what: Standing | None, after: str | None, limit: int
    ) -> tuple[list[TicketClocks], str | None]:
        """A page of tickets with warnings that stand, the worst first."""
        await self.policies.refresh()
        return await self.store.warned(what, after, limit)

    async def count_warned(self) -> dict[Standing, int]:
        return await self.store.count_warned()

    async def note_standing(self) -> None:
        """Of what an older release wrote last."""
        await self.policies.refresh(at_once=True)
        late = await self.store.late_without_standing(self.now())
        for start in range(0, len(late), PAGE):
            await self._check(late[start : start + PAGE], is_current=True)

    def working_time_of(self, ticket: TicketClocks) -> WorkingTime:
        return self.rules.working_time(ticket.calendar, None)

    async def results(self, tickets: Sequence[str]) -> list[Mapping[str, Any]]:
        """How each of their clocks stands, with the version as of which this is so."""
        return await self.store.results(tickets)

    async def opened_on(self, since: datetime, until: datetime) -> list[TicketClocks]:
        """Whole, by their numbers: for a day at most."""
        return await self.store.where({"opened_at": {"$gte": since, "$lt": until}}, "_id")


def due_times(clocks: TicketClocks) -> dict[ClockKind, datetime | None]:
    return {kind: clock.due_at for kind, clock in clocks.clocks.items()}


def _named(events: list[Event], cause: str, ticket: str) -> list[Event]:
    """With the ids that they have whenever this is decided."""
    names = (f"{cause}/sla/{ticket}/{place}" for place in range(len(events)))
    ids = (hashlib.sha256(name.encode()).hexdigest()[:32] for name in names)
    return [event.model_copy(update={"id": id}) for event, id in zip(events, ids, strict=True)]

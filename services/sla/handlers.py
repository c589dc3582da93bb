"""Everything the sla service can do."""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.sla.calendars.domain import Calendar, Week, WeekFrom
from services.sla.calendars.public_holidays import public_holidays
from services.sla.calendars.store import Calendars
from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.domain import OutOfDate, TicketClocks
from services.sla.clocks.facts import AHEAD, What, fact_of
from services.sla.clocks.store import AT_A_TIME, Clocks
from services.sla.policies.domain import Policy, Promises
from services.sla.policies.store import Policies
from services.sla.reviews.domain import Statistics, statistics
from services.sla.rules import Rules
from shared.domain import Conflict, Invalid, NotFound, Origin
from shared.events import Event, SlaCalendarChanged, SlaPolicyChanged
from shared.service import Now
from shared.telemetry import REUSED
from shared.terms import Text

LONGEST = timedelta(days=400)
BY_TIME = Origin.service("sla")
logger = logging.getLogger(__name__)


class CompanyHasPolicy(Conflict):
    title = Text("The company has a policy already", "该企业已有策略")


class BadPeriod(Invalid):
    title = Text("That period cannot be looked at", "统计时间段无效")


@dataclass(frozen=True)
class Sla:
    clocks: Clocks
    policies: Policies
    calendars: Calendars
    rules: Rules
    now: Now
    silent: bool = False  # while it is built again from the stream

    # ---- facts about tickets

    async def hear(self, event: Event) -> None:
        """Whichever comes first begins the document."""
        now = self.now()
        fact = fact_of(event, now)
        if fact is None:
            return
        if event.time > now + AHEAD:
            logger.warning("%s %s is told from the future, at %s", event.kind, event.id, event.time)

        def hear(clocks: TicketClocks, sure: bool) -> list[Event]:
            if clocks.contradicts(fact) and not clocks.disputed:
                REUSED.labels("sla").inc()
                logger.error("%s was opened by another event before, %s is not heard", clocks.id, event.id)
                return clocks.dispute()
            return clocks.hear(fact, self.rules, sure, self.silent)

        is_first = fact.what is What.OPENED
        await self._surely(lambda sure: self._change(event, lambda clocks: hear(clocks, sure), is_first))

    async def recall(self, event: Event) -> None:
        """What we told of a ticket's clocks ourselves."""
        await self._change(event, lambda clocks: clocks.recall(event))

    async def _change(
        self, event: Event, decide: Callable[[TicketClocks], list[Event]], is_first: bool = False
    ) -> None:
        """The document knows from its facts which events it has heard: nothing else is remembered of them."""
        by = replace(BY_TIME, cause=event.id)

        def named(clocks: TicketClocks) -> list[Event]:
            return _named(decide(clocks), event.id, clocks.id)

        if not is_first:
            try:
                await self.clocks.change(event.subject, named, by)
            except NotFound:
                logger.debug("%s of %s comes first", event.kind, event.subject)
            else:
                return
        new = TicketClocks(id=event.subject)
        if await self.clocks.add(new, named(new), by) is not new:
            await self.clocks.change(event.subject, named, by)

    # ---- time, and what people have set

    async def look(self, tickets: Sequence[str]) -> None:
        """A clock of each of these tickets has something to tell."""
        await self._surely(lambda sure: self._look(tickets, sure))

    async def recount(self, event: SlaCalendarChanged) -> None:
        """Every open deadline that comes from this calendar. What was done stays done when it is interrupted."""
        await self.rules.refresh(at_once=True)
        since = self.rules.set_at(event.calendar, None)
        async for tickets in self.clocks.counted_by_another(event.calendar, since):
            await self._look(tickets, sure=True)

    async def promise(self, event: SlaPolicyChanged) -> None:
        """Those that were opened just when this began to hold may have been promised what held before."""
        await self.rules.refresh(at_once=True)
        others = [
            row["id"]
            for row in await self.clocks.opened_since(event.valid_from)
            if not self.rules.are_those_of(row["company"], row["opened_at"], row["policy"], row["promise"])
        ]
        for start in range(0, len(others), AT_A_TIME):
            await self._look(others[start : start + AT_A_TIME], sure=True)

    async def restore_promise(self, event: SlaPolicyChanged) -> None:
        """As it was decided; what was decided after it is left alone."""
        await self.policies.add(Policy(id=event.subject, company=event.company), [], BY_TIME)
        await self.policies.change(event.subject, lambda policy: policy.restore(event), BY_TIME)
        await self.promise(event)

    async def restore_calendar(self, event: SlaCalendarChanged) -> None:
        if event.week is None:  # an older release did not say it
            return
        week = Week.model_validate(event.week.model_dump())
        await self.calendars.add(Calendar(id=event.subject, weeks=[WeekFrom(since=event.time, week=week)]), [], BY_TIME)
        await self.calendars.change(
            event.subject, lambda calendar: calendar.restore(event.revision, event.time, week), BY_TIME
        )
        await self.recount(event)

    # ---- what people set

    async def put_policy(
        self, id: str, company: str, valid_from: date | None, calendar: str, promises: Promises, by: Origin
    ) -> Policy:
        """Raises NotFound for an unknown calendar, CompanyHasPolicy, and what Policy.promise raises."""
        await self.rules.refresh(at_once=True)
        now = self.now()
        begins = self._begins(valid_from, self.rules.calendar(calendar).id, now)
        _, fallback = self.rules.policy("", begins)

        def promise(policy: Policy) -> list[Event]:
            return policy.promise(company, begins, calendar, promises, fallback, now)

        there = await self.policies.find(id)
        if there is None and by.if_match is None:
            if self.rules.company_has_policy(company):
                raise CompanyHasPolicy(f"{company or 'the default'} has one", f"{company or '默认'}已有策略")
            new = Policy(id=id, company=company)
            there = await self.policies.add(new, promise(new), by)
        policy = await self.policies.change(id, promise, by)
        await self.rules.refresh(at_once=True)
        return policy

    async def put_calendar(self, id: str, week: Week, by: Origin) -> Calendar:
        """Raises UnknownCountry."""
        now = self.now()
        public_holidays(week.country, now.year, now.year)
        there = await self.calendars.find(id)
        if there is None and by.if_match is None:
            new = Calendar(id=id, weeks=[])
            await self.calendars.add(new, new.begin(week, now), by)
        calendar = await self.calendars.change(id, lambda calendar: calendar.set(week, now), by)
        await self.rules.refresh(at_once=True)
        return calendar

    # ---- what people ask

    async def of(self, ticket: str) -> tuple[TicketClocks, WorkingTime]:
        """Raises NotFound."""
        await self.rules.refresh()
        found = await self.clocks.get(ticket)
        if found.opened_at is None:
            raise NotFound(f"nothing was heard of the opening of {ticket}", f"{ticket} 尚未受理")
        return found, self.rules.hours(found.calendar, None)

    async def running_out(self, within: timedelta, limit: int) -> list[tuple[TicketClocks, WorkingTime]]:
        await self.rules.refresh()
        found = await self.clocks.running_out(self.now() + within, limit)
        return [(ticket, self.rules.hours(ticket.calendar, None)) for ticket in found]

    async def statistics(self, since: datetime | date | None, until: datetime | date | None) -> Statistics:
        """Of the last 30 days unless told otherwise. Raises BadPeriod."""
        await self.rules.refresh()
        end = self._moment(until) if until else self.now()
        start = self._moment(since) if since else end - timedelta(days=30)
        if not timedelta() < end - start <= LONGEST:
            raise BadPeriod(
                f"`since` must come before `until`, by {LONGEST.days} days at most",
                f"开始时间须早于结束时间，且最多相隔 {LONGEST.days} 天",
            )
        return statistics(await self.clocks.opened_between(start, end))

    # ---- inside

    async def _surely(self, change: Callable[[bool], Awaitable[None]]) -> None:
        """Where a ticket was counted by other rules, it is counted again by those that were read just now."""
        await self.rules.refresh()
        try:
            await change(False)
        except OutOfDate:
            await self.rules.refresh(at_once=True)
            await change(True)

    async def _look(self, tickets: Sequence[str], sure: bool) -> None:
        await self.clocks.change_all(
            tickets, lambda clocks: clocks.look(self.now(), self.rules, sure, self.silent), BY_TIME
        )

    def _begins(self, day: date | None, calendar: str, now: datetime) -> datetime:
        midnight = self.rules.midnight(day, calendar) if day else now
        return now if midnight <= now < midnight + timedelta(days=1) else midnight

    def _moment(self, moment: datetime | date) -> datetime:
        return moment if isinstance(moment, datetime) else self.rules.midnight(moment)


def _named(events: list[Event], cause: str, ticket: str) -> list[Event]:
    """With the ids that they have whenever this is decided."""
    names = (f"{cause}/sla/{ticket}/{place}" for place in range(len(events)))
    ids = (hashlib.sha256(name.encode()).hexdigest()[:32] for name in names)
    return [event.model_copy(update={"id": id}) for event, id in zip(events, ids, strict=True)]

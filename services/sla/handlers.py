"""Everything the sla service can do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.sla.calendar import Calendar, Week, WorkingTime
from services.sla.domain import TicketClocks
from services.sla.policy import Policy, Promises
from services.sla.public_holidays import public_holidays
from services.sla.rules import Rules
from services.sla.statistics import Statistics, statistics
from services.sla.store import Calendars, Clocks, Policies
from shared.domain import Conflict, Invalid, Origin
from shared.events import (
    Event,
    SlaCalendarChanged,
    TicketCalledBack,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketMessagePosted,
    TicketOpened,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageDiagnosisConfirmed,
    TriageReclassified,
)
from shared.service import Now
from shared.terms import ClockKind, Text

LONGEST = timedelta(days=400)
BY_TIME = Origin.service("sla")
Decide = Callable[[TicketClocks, WorkingTime], list[Event]]


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

    # ---- facts about tickets

    async def start(self, event: TicketOpened) -> None:
        await self.rules.refresh()
        policy, terms = self.rules.policy(event.company, event.time)
        calendar = self.rules.calendar(terms.calendar)
        targets = self.rules.targets(event.company, event.time)
        hours = self.rules.hours(calendar.id, event.time)
        new, events = TicketClocks.start(event, policy, calendar.id, calendar.version, targets, hours)
        await self.clocks.add(new, events, event)

    async def prioritise(self, event: TriageDiagnosed | TriageReclassified) -> None:
        """The diagnosis is met when it is sure or confirmed. Reclassifying is not enough, the machine does that too;
        a person who does it confirms the diagnosis, and triage says so."""

        def decide(ticket: TicketClocks, hours: WorkingTime) -> list[Event]:
            targets = self.rules.targets(ticket.company, ticket.opened_at)
            events = ticket.prioritise(event.priority, event.time, targets, hours)
            if isinstance(event, TriageDiagnosed) and event.confirmed:
                events += ticket.meet((ClockKind.DIAGNOSIS,), event.time, hours)
            return events

        await self._change(event, decide)

    async def confirm(self, event: TriageDiagnosisConfirmed) -> None:
        await self._meet(event, ClockKind.DIAGNOSIS)

    async def hear_message(self, event: TicketMessagePosted) -> None:
        """The first reply that the customer can read answers the ticket."""
        if event.by_staff and not event.internal:
            await self._meet(event, ClockKind.RESPONSE)

    async def wait(self, event: TicketWaiting) -> None:
        await self._change(event, lambda ticket, hours: ticket.wait(event, hours))

    async def accept(self, event: TicketSolutionAccepted) -> None:
        await self._change(event, lambda ticket, hours: ticket.accept(event, hours))

    async def go_on(self, event: TicketResumed | TicketSolutionRejected) -> None:
        await self._change(event, lambda ticket, hours: ticket.go_on(event, hours))

    async def consult(self, event: TriageConsultationOpened) -> None:
        await self._meet(event, ClockKind.CONSULTATION)

    async def rate(self, event: TicketFeedbackGiven) -> None:
        def decide(ticket: TicketClocks, hours: WorkingTime) -> list[Event]:
            return ticket.rate(event, self.rules.targets(ticket.company, ticket.opened_at), hours)

        await self._change(event, decide)

    async def call_back(self, event: TicketCalledBack) -> None:
        await self._meet(event, ClockKind.CALL_BACK)

    async def reopen(self, event: TicketReopened) -> None:
        await self._change(event, lambda ticket, hours: ticket.reopen(event, hours))

    async def complete(self, event: TicketCompleted) -> None:
        await self._change(event, lambda ticket, hours: ticket.complete(event, hours))

    # ---- time

    async def look(self, tickets: Sequence[str]) -> None:
        """A clock of each of these tickets has something to tell."""
        await self.rules.refresh()
        await self.clocks.change_all(tickets, self._seen_now, BY_TIME)

    async def recount(self, event: SlaCalendarChanged) -> None:
        """Every open deadline that comes from this calendar. What was done stays done when it is interrupted."""
        await self.rules.refresh(at_once=True)
        version = self.rules.calendar(event.calendar).version
        async for tickets in self.clocks.counted_by_another(event.calendar, version):
            await self.clocks.change_all(tickets, self._seen_now, BY_TIME)

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
            new = Calendar(id=id, week=week)
            await self.calendars.add(new, new.changed(now), by)
        calendar = await self.calendars.change(id, lambda calendar: calendar.set(week, now), by)
        await self.rules.refresh(at_once=True)
        return calendar

    # ---- what people ask

    async def of(self, ticket: str) -> tuple[TicketClocks, WorkingTime]:
        """Raises NotFound."""
        await self.rules.refresh()
        found = await self.clocks.get(ticket)
        return found, self.rules.hours_of(found)

    async def running_out(self, within: timedelta, limit: int) -> list[tuple[TicketClocks, WorkingTime]]:
        await self.rules.refresh()
        found = await self.clocks.running_out(self.now() + within, limit)
        return [(ticket, self.rules.hours_of(ticket)) for ticket in found]

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

    async def _change(self, event: Event, decide: Decide) -> None:
        await self.rules.refresh()
        await self.clocks.change(event.subject, lambda ticket: decide(ticket, self.rules.hours_of(ticket)), event)

    async def _meet(self, event: Event, *kinds: ClockKind) -> None:
        await self._change(event, lambda ticket, hours: ticket.meet(kinds, event.time, hours))

    def _seen_now(self, ticket: TicketClocks) -> list[Event]:
        version = self.rules.calendar(ticket.calendar).version
        return ticket.look(self.now(), self.rules.hours_of(ticket), version)

    def _begins(self, day: date | None, calendar: str, now: datetime) -> datetime:
        midnight = self.rules.midnight(day, calendar) if day else now
        return now if midnight <= now < midnight + timedelta(days=1) else midnight

    def _moment(self, moment: datetime | date) -> datetime:
        return moment if isinstance(moment, datetime) else self.rules.midnight(moment)

"""The clocks of a ticket as the API shows them."""

from datetime import datetime
from typing import Any, Self

from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.clock import Clock, Segment
from services.sla.clocks.domain import TicketClocks
from shared.http import View
from shared.terms import EARLIEST, ClockKind, Priority


class SegmentView(View):
    """A stretch of time in which a clock ran or stood still."""

    kind: str
    """Whether it ran"""
    label: str
    """That in words, in the language of the request"""
    why: str
    """What began it"""
    reason: str
    """That in words, in the language of the request"""
    started_at: datetime
    """When it began"""
    ended_at: datetime | None
    """When it ended; null while it goes on"""
    business_time: bool
    """Whether working time was counted"""
    seconds: float
    """What it counts towards the clock: 0 where it stood still"""

    @classmethod
    def of(cls, segment: Segment, seconds: float, language: str) -> Self:
        return cls(
            kind=segment.kind,
            label=segment.kind.label.in_(language),
            why=segment.why,
            reason=segment.why.label.in_(language),
            started_at=segment.start,
            ended_at=segment.end,
            business_time=segment.business_time,
            seconds=seconds,
        )


class ClockView(View):
    clock: ClockKind
    """Which clock it is"""
    label: str
    """Its name, in the language of the request"""
    state: str
    """Whether it runs, stands still or has stopped"""
    business_time: bool
    """Whether its seconds are of working time, not of the wall clock"""
    target_seconds: int
    """How long it may run"""
    elapsed_seconds: float
    """How long it has run"""
    remaining_seconds: float
    """How long it may still run; less than 0 when it is overdue"""
    within: bool | None
    """Whether the target was met; null until that is decided"""
    due_at: datetime | None
    """When it is due; null while it stands still"""
    provisional: bool
    """Whether `due_at` may move, because it lies in a year whose make-up work days are not announced yet"""
    warned_at: datetime | None
    """When people were warned that it is due soon"""
    breached_at: datetime | None
    """When the target was missed"""
    met_at: datetime | None
    """When what it waits for was done"""

    @classmethod
    def fields_of(
        cls, kind: ClockKind, clock: Clock, now: datetime, hours: WorkingTime, language: str
    ) -> dict[str, Any]:
        elapsed = clock.elapsed(now, hours)
        return {
            "clock": kind,
            "label": kind.label.in_(language),
            "state": clock.state,
            "business_time": clock.target.business_time,
            "target_seconds": clock.target.seconds,
            "elapsed_seconds": elapsed / 1000,
            "remaining_seconds": (clock.target.milliseconds - elapsed) / 1000,
            "within": clock.within_target,
            "due_at": clock.due_at,
            "provisional": clock.provisional,
            "warned_at": clock.warned_at,
            "breached_at": clock.breached_at,
            "met_at": clock.met_at,
        }


class ClockWithLedger(ClockView):
    ledger: list[SegmentView]
    """All that it counted, the first stretch first"""

    @classmethod
    def of(cls, kind: ClockKind, clock: Clock, now: datetime, hours: WorkingTime, language: str) -> Self:
        open_ms = clock.elapsed(now, hours) - clock.elapsed_ms
        ledger = [
            SegmentView.of(segment, (segment.milliseconds if segment.end else open_ms) / 1000, language)
            for segment in clock.ledger
        ]
        return cls(**cls.fields_of(kind, clock, now, hours, language), ledger=ledger)


class TicketClocksView(View):
    """The clocks of one ticket."""

    ticket: str
    """The ticket's number"""
    company: str
    """Whose policy it was opened under"""
    priority: Priority | None
    """Its priority; null until it has one, and then it is counted as a normal one"""
    policy: str
    """The id of the policy that its targets are from"""
    calendar: str
    """The id of the calendar that working time is counted by"""
    opened_at: datetime
    """When it was opened"""
    resolved_at: datetime | None
    """When it was resolved; null until then"""
    waiting_for: str
    """Who has to do something, if it is not the desk"""
    due_at: datetime | None
    """When the most urgent of its clocks is, or was, due; null while none runs"""
    disputed: bool
    """Whether another ticket was opened under this number, so that nothing is published about its clocks any more"""
    clocks: list[ClockWithLedger]
    """The present ones"""
    earlier: list[ClockWithLedger]
    """Those of call-backs before the present one"""

    @classmethod
    def of(cls, ticket: TicketClocks, now: datetime, hours: WorkingTime, language: str) -> Self:
        def view(kind: ClockKind, clock: Clock) -> ClockWithLedger:
            return ClockWithLedger.of(kind, clock, now, hours, language)

        return cls(
            ticket=ticket.id,
            company=ticket.company,
            priority=ticket.priority,
            policy=ticket.policy,
            calendar=ticket.calendar,
            opened_at=ticket.opened_at or EARLIEST,
            resolved_at=ticket.resolved_at,
            waiting_for=ticket.waiting_for,
            due_at=ticket.deadline,
            disputed=ticket.disputed,
            clocks=[view(kind, clock) for kind, clock in ticket.clocks.items()],
            earlier=[view(ClockKind.CALL_BACK, clock) for clock in ticket.earlier_call_backs],
        )


class DueClockView(ClockView):
    ticket: str
    """The ticket's number"""
    company: str
    """The company of its customer"""
    priority: Priority | None
    """Its priority; null until it has one"""

    @classmethod
    def of(cls, ticket: TicketClocks, kind: ClockKind, now: datetime, hours: WorkingTime, language: str) -> Self:
        fields = cls.fields_of(kind, ticket.clocks[kind], now, hours, language)
        return cls(**fields, ticket=ticket.id, company=ticket.company, priority=ticket.priority)

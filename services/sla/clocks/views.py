"""The clocks of a ticket as the API shows them."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel

from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.clock import Clock, Segment
from services.sla.clocks.domain import TicketClocks
from shared.terms import EARLIEST, ClockKind, Priority


class SegmentView(BaseModel):
    """`seconds` counts towards the clock; only run segments have any."""

    kind: str
    label: str
    why: str
    reason: str
    start: AwareDatetime
    end: AwareDatetime | None
    business_time: bool
    seconds: float

    @classmethod
    def of(cls, segment: Segment, seconds: float, language: str) -> "SegmentView":
        return cls(
            kind=segment.kind,
            label=segment.kind.label.in_(language),
            why=segment.why,
            reason=segment.why.label.in_(language),
            start=segment.start,
            end=segment.end,
            business_time=segment.business_time,
            seconds=seconds,
        )


class ClockView(BaseModel):
    """Seconds are of the wall clock, or of working time where `business_time` is true. `within` is null until it is
    decided; `provisional`: the due time lies in a year whose make-up work days are not announced yet."""

    clock: str
    label: str
    state: str
    business_time: bool
    target_seconds: int
    elapsed_seconds: float
    remaining_seconds: float
    within: bool | None
    due_at: AwareDatetime | None
    provisional: bool
    warned_at: AwareDatetime | None
    breached_at: AwareDatetime | None
    met_at: AwareDatetime | None

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
            "provisional": bool(clock.due_at and clock.target.business_time and hours.is_provisional(clock.due_at)),
            "warned_at": clock.warned_at,
            "breached_at": clock.breached_at,
            "met_at": clock.met_at,
        }


class ClockWithLedger(ClockView):
    ledger: list[SegmentView]

    @classmethod
    def of(cls, kind: ClockKind, clock: Clock, now: datetime, hours: WorkingTime, language: str) -> "ClockWithLedger":
        open_ms = clock.elapsed(now, hours) - clock.elapsed_ms
        ledger = [
            SegmentView.of(segment, (segment.milliseconds if segment.end else open_ms) / 1000, language)
            for segment in clock.ledger
        ]
        return cls(**cls.fields_of(kind, clock, now, hours, language), ledger=ledger)


class TicketClocksView(BaseModel):
    """`earlier` are the clocks of call-backs before the present one; `disputed`: another ticket was opened under this
    number, so that nothing is published about its clocks any more."""

    ticket: str
    company: str
    priority: Priority | None
    policy: str
    calendar: str
    opened_at: AwareDatetime
    resolved_at: AwareDatetime | None
    waiting_for: str
    next_due_at: AwareDatetime | None
    disputed: bool
    clocks: list[ClockWithLedger]
    earlier: list[ClockWithLedger]

    @classmethod
    def of(cls, ticket: TicketClocks, now: datetime, hours: WorkingTime, language: str) -> "TicketClocksView":
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
            next_due_at=ticket.deadline,
            disputed=ticket.disputed,
            clocks=[view(kind, clock) for kind, clock in ticket.clocks.items()],
            earlier=[view(ClockKind.CALL_BACK, clock) for clock in ticket.earlier_call_backs],
        )


class DueClock(ClockView):
    ticket: str
    company: str
    priority: Priority | None

    @classmethod
    def of(cls, ticket: TicketClocks, kind: ClockKind, now: datetime, hours: WorkingTime, language: str) -> "DueClock":
        fields = cls.fields_of(kind, ticket.clocks[kind], now, hours, language)
        return cls(**fields, ticket=ticket.id, company=ticket.company, priority=ticket.priority)


class DueClocks(BaseModel):
    items: list[DueClock]

"""The clocks over HTTP."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from services.sla.calendar import Calendar, Week, WorkingTime
from services.sla.clock import Clock, Segment
from services.sla.domain import TicketClocks
from services.sla.handlers import Sla
from services.sla.policy import Policy, Promises, Terms
from services.sla.statistics import Statistics
from shared.http import Body, Caller, may, service, tagged
from shared.terms import ClockKind, Day, Id, Moment, OptionalLine, Priority

router = APIRouter(tags=["sla"])
Service = Annotated[Sla, Depends(service)]
When = Annotated[Moment | Day | None, Query(union_mode="left_to_right")]


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
    """Seconds are of the wall clock, or of working time where `business_time` is true. `within` is null while nobody
    can tell; `provisional`: the due time lies in a year whose make-up work days are not announced yet."""

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
    ticket: str
    company: str
    priority: Priority | None
    policy: str
    calendar: str
    opened_at: AwareDatetime
    resolved_at: AwareDatetime | None
    waiting_for: str
    next_due_at: AwareDatetime | None
    clocks: list[ClockWithLedger]


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


class PolicyView(BaseModel):
    """`current` is the version that holds now, null while the first is yet to come."""

    id: str
    company: str
    version: int
    current: Terms | None
    terms: list[Terms]

    @classmethod
    def of(cls, policy: Policy, now: datetime) -> "PolicyView":
        return cls(
            id=policy.id,
            company=policy.company,
            version=policy.version,
            current=policy.at(now),
            terms=policy.terms,
        )


class PolicyList(BaseModel):
    items: list[PolicyView]


class PolicyBody(Body):
    """A version that holds from the beginning of `valid_from`, from now on without it. Promises that are not named
    stay as they are."""

    company: OptionalLine = ""
    valid_from: Day | None = None
    calendar: Id = "cn"
    promises: Promises = Field(default_factory=dict)


@router.get("/tickets/{number}/clocks")
async def clocks_of_ticket(
    number: Id, sla: Service, caller: Annotated[Caller, may("clock:read")], response: Response
) -> TicketClocksView:
    """Every clock of a ticket, with what it counted and why it paused."""
    ticket, hours = await sla.of(number)
    tagged(response, ticket)
    now = sla.now()
    return TicketClocksView(
        ticket=ticket.id,
        company=ticket.company,
        priority=ticket.priority,
        policy=ticket.policy,
        calendar=ticket.calendar,
        opened_at=ticket.opened_at,
        resolved_at=ticket.resolved_at,
        waiting_for=ticket.waiting_for,
        next_due_at=ticket.deadline,
        clocks=[ClockWithLedger.of(kind, clock, now, hours, caller.language) for kind, clock in ticket.clocks.items()],
    )


@router.get("/clocks/due")
async def clocks_due(
    sla: Service,
    caller: Annotated[Caller, may("clock:read")],
    within_hours: Annotated[float, Query(ge=0, le=168)] = 8,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> DueClocks:
    """Running clocks that run out within so many hours or have run out, the most urgent first; of `limit` tickets."""
    now = sla.now()
    found = [
        DueClock.of(ticket, kind, now, hours, caller.language)
        for ticket, hours in await sla.running_out(timedelta(hours=within_hours), limit)
        for kind in ticket.running_out(now + timedelta(hours=within_hours))
    ]
    return DueClocks(items=sorted(found, key=lambda clock: (clock.due_at or now, clock.ticket)))


@router.get("/policies")
async def policies(sla: Service, _: Annotated[Caller, may("policy:read")]) -> PolicyList:
    """What is promised to whom: the default first."""
    found = [policy async for policy in sla.policies.all()]
    return PolicyList(items=[PolicyView.of(policy, sla.now()) for policy in sorted(found, key=lambda p: p.company)])


@router.get("/policies/{id}")
async def policy(id: Id, sla: Service, _: Annotated[Caller, may("policy:read")], response: Response) -> PolicyView:
    found = await sla.policies.get(id)
    tagged(response, found)
    return PolicyView.of(found, sla.now())


@router.put("/policies/{id}")
async def put_policy(
    id: Id, body: PolicyBody, sla: Service, caller: Annotated[Caller, may("policy:change")], response: Response
) -> PolicyView:
    """Promise something else from a day on. Open tickets keep what they were promised."""
    new = await sla.put_policy(id, body.company, body.valid_from, body.calendar, body.promises, caller.origin)
    tagged(response, new)
    return PolicyView.of(new, sla.now())


@router.get("/calendars/{id}")
async def calendar(id: Id, sla: Service, _: Annotated[Caller, may("calendar:read")], response: Response) -> Calendar:
    found = await sla.calendars.get(id)
    tagged(response, found)
    return found


@router.put("/calendars/{id}")
async def put_calendar(
    id: Id, body: Week, sla: Service, caller: Annotated[Caller, may("calendar:change")], response: Response
) -> Calendar:
    """Set the working time. Deadlines of open tickets are counted again; clocks that stopped stay as they are."""
    new = await sla.put_calendar(id, body, caller.origin)
    tagged(response, new)
    return new


@router.get("/statistics")
async def read_statistics(
    sla: Service, _: Annotated[Caller, may("statistics:read")], since: When = None, until: When = None
) -> Statistics:
    """Of the tickets opened from `since` until before `until` (moments, or days of the calendar `cn`)."""
    return await sla.statistics(since, until)

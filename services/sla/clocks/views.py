"""The clocks of a ticket as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from services.sla.calendars.working_time import WorkingTime
from services.sla.clocks.clock import Clock, Verdict
from services.sla.clocks.domain import TicketClocks
from services.sla.clocks.explanation import Rule, explain
from services.sla.clocks.ledger import Segment
from services.sla.clocks.rules import Rules
from shared.http import View
from shared.terms import EARLIEST, ClockKind, Priority, Text


class WordsView(View):
    en: list[str]
    """In English"""
    zh: list[str]
    """In Chinese"""

    @classmethod
    def of(cls, sentences: Sequence[Text]) -> Self:
        return cls(en=[one.en for one in sentences], zh=[one.zh for one in sentences])


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
    by: str
    """Who brought it about: a person's `sub`, or a service"""
    policy: str
    """The id of the policy that it is counted by"""
    policy_revision: int
    """Which version of it"""
    calendar: str
    """The id of the calendar that it is counted by"""
    calendar_since: datetime
    """Which version of it: since when that is known"""

    @classmethod
    def of(cls, segment: Segment, seconds: float, rule: Rule, language: str) -> Self:
        return cls(
            kind=segment.kind,
            label=segment.kind.label.in_(language),
            why=segment.why,
            reason=segment.why.label.in_(language),
            started_at=segment.start,
            ended_at=segment.end,
            business_time=segment.business_time,
            seconds=seconds,
            by=segment.by,
            policy=rule.policy,
            policy_revision=rule.revision,
            calendar=rule.calendar,
            calendar_since=rule.calendar_since,
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
    target_seconds: int | None
    """How long it may run; null: it is only measured"""
    elapsed_seconds: float
    """How long it has run"""
    remaining_seconds: float | None
    """How long it may still run; less than 0 when it is overdue; null without a target"""
    within: bool | None
    """Whether the target was met; null until that is decided"""
    verdict: Verdict
    """What the figures make of it"""
    due_at: datetime | None
    """When it is due; null while it stands still without a limit, and without a target"""
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
            "business_time": bool(clock.target and clock.target.business_time),
            "target_seconds": clock.target.seconds if clock.target else None,
            "elapsed_seconds": elapsed / 1000,
            "remaining_seconds": (clock.target.milliseconds - elapsed) / 1000 if clock.target else None,
            "within": clock.within_target,
            "verdict": clock.verdict,
            "due_at": clock.due_at,
            "provisional": clock.provisional,
            "warned_at": clock.warned_at,
            "breached_at": clock.breached_at,
            "met_at": clock.met_at,
        }


class ClockWithLedger(ClockView):
    ledger: list[SegmentView]
    """All that it counted, the first stretch first"""
    explanation: WordsView
    """The same in words, sentence by sentence"""

    @classmethod
    def of(cls, kind: ClockKind, clock: Clock, now: datetime, rule: Rule, language: str) -> Self:
        open_ms = clock.elapsed(now, rule.hours) - clock.elapsed_ms
        ledger = [
            SegmentView.of(segment, (segment.milliseconds if segment.end else open_ms) / 1000, rule, language)
            for segment in clock.ledger
        ]
        words = WordsView.of(explain(kind, clock, now, rule))
        return cls(**cls.fields_of(kind, clock, now, rule.hours, language), ledger=ledger, explanation=words)


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
    because: WordsView
    """Why it is this policy"""
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
    """Those that the present ones took the place of, as those of call-backs before"""

    @classmethod
    def of(cls, ticket: TicketClocks, now: datetime, rules: Rules, language: str) -> Self:
        def view(kind: ClockKind, clock: Clock) -> ClockWithLedger:
            return ClockWithLedger.of(kind, clock, now, rule_of(ticket, clock, rules), language)

        return cls(
            ticket=ticket.id,
            company=ticket.company,
            priority=ticket.priority,
            policy=ticket.policy,
            because=WordsView.of([ticket.because(rules)]),
            calendar=ticket.calendar,
            opened_at=ticket.opened_at or EARLIEST,
            resolved_at=ticket.resolved_at,
            waiting_for=ticket.waiting_for,
            due_at=ticket.deadline,
            disputed=ticket.disputed,
            clocks=[view(kind, clock) for kind, clock in ticket.clocks.items()],
            earlier=[view(kind, clock) for kind, clock in ticket.earlier_clocks],
        )


def rule_of(ticket: TicketClocks, clock: Clock, rules: Rules) -> Rule:
    """A clock that stopped is counted by the calendar as it was known then."""
    return Rule(
        policy=ticket.policy,
        revision=max(ticket.policy_revision, 1),  # the policy that is there from the start has none
        calendar=ticket.calendar,
        calendar_since=rules.calendar_since(ticket.calendar, clock.stopped_at),
        hours=rules.working_time(ticket.calendar, clock.stopped_at),
        zone=rules.zone(ticket.calendar),
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

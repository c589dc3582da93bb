"""What is asked of a replay, and what it found."""

from datetime import date
from typing import Literal, Self

from pydantic import Field

from services.sla.policies.targets import SlaTargets
from services.sla.what_if.domain import MOST_LISTED, Breach
from services.sla.what_if.handlers import Answer, Staffing
from shared.http import Body, View, example
from shared.terms import Day, Id, Whole


class StaffingBody(Body):
    engineers_then: Whole = Field(ge=1, le=1000)
    """How many engineers there were"""
    engineers: Whole = Field(ge=1, le=1000)
    """How many there would have been"""
    tickets_each: Whole = Field(default=5, ge=1, le=100)
    """How many tickets each works on at once"""

    def staffing(self) -> Staffing:
        return Staffing(self.engineers_then, self.engineers, self.tickets_each)


class WhatIfBody(Body):
    """A range of days, and what would have been otherwise; nothing named: as it was."""

    model_config = example(
        since="2026-01-01", until="2026-04-01", targets={"response": {"high": {"amount": 4, "unit": "hours"}}}
    )

    since: Day
    """The first day, in the desk's time zone"""
    until: Day
    """The day before which it ends, at most 400 days later"""
    policy: Id | Literal[""] = ""
    """The SLA policy that would have held for every ticket, in its newest version"""
    targets: SlaTargets = Field(default_factory=dict)
    """Other targets, by clock and priority"""
    calendar: Id | Literal[""] = ""
    """The calendar by which working time would have been counted"""
    staffing: StaffingBody | None = None
    """More or fewer engineers; an estimate"""


class ClockDifference(View):
    """Of one kind of clock."""

    was: int
    """How many missed the target"""
    would_be: int
    """How many would have"""


class MissedClock(View):
    ticket: str
    """The ticket's number"""
    clock: str
    """The kind of the clock"""

    @classmethod
    def all_of(cls, found: list[Breach]) -> list["MissedClock"]:
        return [cls(ticket=ticket, clock=clock) for ticket, clock in found[:MOST_LISTED]]


class WhatIfView(View):
    since: date
    """The first day"""
    until: date
    """The day before which it ended: earlier than asked where there were too many tickets; go on from there"""
    tickets: int
    """How many were replayed"""
    left_out: list[str]
    """Tickets whose early history is no longer known fact by fact; at most 500"""
    clocks: dict[str, ClockDifference]
    """By kind of clock"""
    new: list[MissedClock]
    """What would have been missed and was not; at most 500"""
    saved: list[MissedClock]
    """What was missed and would not have been; at most 500"""

    @classmethod
    def of(cls, since: date, answer: Answer) -> Self:
        found = answer.compared
        return cls(
            since=since,
            until=answer.until,
            tickets=found.tickets,
            left_out=found.left_out[:MOST_LISTED],
            clocks={kind: ClockDifference(was=was, would_be=be) for kind, (was, be) in found.by_clock.items()},
            new=MissedClock.all_of(found.new),
            saved=MissedClock.all_of(found.saved),
        )

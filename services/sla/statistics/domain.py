"""Figures of a period: response and resolution times, targets met, satisfaction (P6.1, P6.2)."""

from collections import Counter
from collections.abc import Mapping

from pydantic import Field

from services.sla.figures.summary import behind, clock_figures
from shared.domain import Value
from shared.terms import ClockKind, Priority, Satisfaction

UNDECIDED = "undecided"
Counted = Mapping[str, int]
NOTHING: Counted = {}


class Figures(Value):
    """Of the tickets with this clock."""

    tickets: int = 0
    """How many have this clock"""
    met: int = 0
    """How many have met it"""
    within_target: int = 0
    """How many met it in time"""
    breached: int = 0
    """How many did not"""
    mean_seconds: float | None = None
    """How long it took by the clock, which stands still while the customer is waited for; null if none met it"""
    p50_seconds: float | None = None
    """Half of them took no longer; right to 2 %"""
    p90_seconds: float | None = None
    """Nine in ten took no longer; right to 2 %"""
    mean_calendar_seconds: float | None = None
    """How long it took from the opening, waits and nights included; of days that were last counted by a release before
    this was kept, nothing"""


class CallBacks(Value):
    """Dissatisfied customers: how many were called back, how many of them in time."""

    due: int = 0
    """How many were to be called"""
    done: int = 0
    """How many were called"""
    in_time: int = 0
    """How many in time"""


class Statistics(Value):
    """Of the tickets opened in the period. Those without a priority yet are `undecided`."""

    opened: int = 0
    """How many were opened in the period"""
    resolved: int = 0
    """How many of them are resolved"""
    priorities: dict[str, int] = Field(default_factory=dict)
    """How many by priority; `undecided`: without one yet"""
    response: dict[str, Figures] = Field(default_factory=dict)
    """Of the first reply, by priority"""
    resolution: dict[str, Figures] = Field(default_factory=dict)
    """Of the solution, by priority"""
    satisfaction: dict[str, int] = Field(default_factory=dict)
    """How many by the customer's rating"""
    call_backs: CallBacks = Field(default_factory=CallBacks)
    """Of dissatisfied customers"""


def statistics(counted: Mapping[str, Counted]) -> Statistics:
    """From what was counted of the tickets of each priority."""
    by_priority = {priority.value: NOTHING for priority in Priority} | {UNDECIDED: NOTHING}
    by_priority |= {value or UNDECIDED: found for value, found in counted.items()}
    total = sum((Counter(found) for found in counted.values()), Counter[str]())
    call_backs = clock_figures(ClockKind.CALL_BACK, total)
    return Statistics(
        opened=total["opened"],
        resolved=total["resolved"],
        priorities={name: found.get("opened", 0) for name, found in by_priority.items()},
        response={name: _figures(ClockKind.RESPONSE, found) for name, found in by_priority.items()},
        resolution={name: _figures(ClockKind.RESOLUTION, found) for name, found in by_priority.items()},
        satisfaction={word.value: 0 for word in Satisfaction} | behind("satisfaction:", total),
        call_backs=CallBacks(due=call_backs.due, done=call_backs.met, in_time=call_backs.within),
    )


def _figures(kind: ClockKind, counted: Counted) -> Figures:
    found, waited = clock_figures(kind, counted), counted.get(f"{kind}:calendar", 0)
    return Figures(
        tickets=found.due,
        met=found.met,
        within_target=found.within,
        breached=found.breached,
        mean_seconds=found.mean_seconds,
        p50_seconds=found.p50_seconds,
        p90_seconds=found.p90_seconds,
        mean_calendar_seconds=round(counted[f"{kind}:calendar_ms"] / waited / 1000, 3) if waited else None,
    )

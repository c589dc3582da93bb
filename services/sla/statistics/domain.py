"""Figures of a period: response and resolution times, targets met, satisfaction (P6.1, P6.2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from shared.domain import Value
from shared.terms import ClockKind, Priority, Satisfaction

UNDECIDED = "undecided"
Row = Mapping[str, Any]


class Figures(Value):
    """Of the tickets with this clock: those whose clock was met, how many in time, and how long it took by the clock,
    which stands still while we wait for the customer; `mean_calendar_seconds` is from acceptance, waits and nights
    included."""

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
    """Half of them took no longer"""
    p90_seconds: float | None = None
    """Nine in ten took no longer"""
    mean_calendar_seconds: float | None = None
    """How long it took from the opening, waits and nights included"""


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


def statistics(rows: Sequence[Row]) -> Statistics:
    said = Counter(row["satisfaction"] for row in rows if row.get("satisfaction"))
    return Statistics(
        opened=len(rows),
        resolved=sum(1 for row in rows if row.get("resolved_at")),
        priorities={name: len(found) for name, found in _by_priority(rows).items()},
        response=_figures(rows, ClockKind.RESPONSE),
        resolution=_figures(rows, ClockKind.RESOLUTION),
        satisfaction={word.value: 0 for word in Satisfaction} | said,
        call_backs=_call_backs(rows),
    )


def _by_priority(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name in (*(priority.value for priority in Priority), UNDECIDED)}
    for row in rows:
        found.setdefault(row.get("priority") or UNDECIDED, []).append(row)
    return found


def _figures(rows: Sequence[Row], kind: ClockKind) -> dict[str, Figures]:
    return {
        name: _of([(row["opened_at"], clock) for row in found if (clock := _clock(row, kind))])
        for name, found in _by_priority(rows).items()
    }


def _of(opened: Sequence[tuple[datetime, Row]]) -> Figures:
    clocks = [clock for _, clock in opened]
    met = [clock for clock in clocks if clock.get("met_at")]
    took = sorted(clock["elapsed_ms"] / 1000 for clock in met)
    waited = [(clock["met_at"] - at).total_seconds() for at, clock in opened if clock.get("met_at")]
    return Figures(
        tickets=len(clocks),
        met=len(met),
        within_target=sum(1 for clock in met if not clock.get("breached_at")),
        breached=sum(1 for clock in clocks if clock.get("breached_at")),
        mean_seconds=round(sum(took) / len(took), 3) if took else None,
        p50_seconds=percentile(took, 0.5),
        p90_seconds=percentile(took, 0.9),
        mean_calendar_seconds=round(sum(waited) / len(waited), 3) if waited else None,
    )


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Between neighbours in proportion, as spreadsheets do."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (place - below), 3)


def _call_backs(rows: Sequence[Row]) -> CallBacks:
    clocks = [clock for row in rows if (clock := _clock(row, ClockKind.CALL_BACK))]
    clocks += [clock for row in rows for clock in row.get("earlier_call_backs", ())]
    done = [clock for clock in clocks if clock.get("met_at")]
    return CallBacks(due=len(clocks), done=len(done), in_time=sum(1 for clock in done if not clock.get("breached_at")))


def _clock(row: Row, kind: ClockKind) -> Row | None:
    clocks: Mapping[str, Row] = row.get("clocks", {})
    return clocks.get(kind.value)

"""Figures as people read them, from what was counted."""

from collections import Counter
from collections.abc import Iterable, Mapping

from pydantic import Field

from services.sla.figures.counting import seconds_of
from shared.domain import Value
from shared.terms import ClockKind


class ClockFigures(Value):
    """Of one kind of clock."""

    due: int = 0
    """How many tickets have it"""
    met: int = 0
    """How many met it, in time or not"""
    within: int = 0
    """How many met it in time"""
    breached: int = 0
    """How many missed the target"""
    compliance: float | None = None
    """The share in time of those that are decided, from 0 to 1; null while none is"""
    mean_seconds: float | None = None
    """How long it took by the clock, which stands still while the customer is waited for; null if none met it"""
    p50_seconds: float | None = None
    """Half of them took no longer; right to 2 %"""
    p90_seconds: float | None = None
    """Nine in ten took no longer; right to 2 %"""


class Figures(Value):
    """Of the tickets that were opened in a period."""

    opened: int = 0
    """How many were opened"""
    resolved: int = 0
    """How many of them are resolved: the customer said yes"""
    unsolved: int = 0
    """How many are not, apart from those that ended without needing a solution (cancelled, duplicate …)"""
    completed: int = 0
    """How many are closed"""
    reopened: int = 0
    """How many were reopened at least once"""
    rejected: int = 0
    """How many had a solution that the customer rejected"""
    failed: int = 0
    """How many had a solution that failed the internal verification"""
    consulted: int = 0
    """How many were taken to a consultation"""
    open: int = 0
    """How many are not closed yet"""
    at_risk: int = 0
    """How many of these are due soon"""
    late: int = 0
    """How many of these have missed a target that still waits to be met"""
    unassigned: int = 0
    """How many of these nobody has"""
    outcomes: dict[str, int] = Field(default_factory=dict)
    """How those that are closed ended"""
    satisfaction: dict[str, int] = Field(default_factory=dict)
    """How their customers rated them"""
    causes: dict[str, int] = Field(default_factory=dict)
    """Why customers were dissatisfied, as they said when they were called back"""
    clocks: dict[str, ClockFigures] = Field(default_factory=dict)
    """By kind: `response`, `resolution` …"""
    breach_reasons: dict[str, dict[str, int]] = Field(default_factory=dict)
    """By kind of clock: why targets were missed"""


PARTED = {"outcome", "satisfaction", "cause", *ClockKind}  # with a value, or what is counted of a clock, behind a colon
PLAIN = [name for name, field in Figures.model_fields.items() if field.annotation is int]
LISTED_ONLY = ("third_party", "several_rounds")


def is_figure(name: str) -> bool:
    """Whether anything could be counted under this name."""
    head, _, rest = name.partition(":")
    return head in PARTED if rest else head in (*PLAIN, *LISTED_ONLY)


def figures_of(counted: Mapping[str, int]) -> Figures:
    return Figures(
        **{name: counted.get(name, 0) for name in PLAIN},
        outcomes=behind("outcome:", counted),
        satisfaction=behind("satisfaction:", counted),
        causes=behind("cause:", counted),
        clocks={kind.value: clock_figures(kind, counted) for kind in ClockKind if counted.get(f"{kind}:due")},
        breach_reasons={kind.value: found for kind in ClockKind if (found := behind(f"{kind}:why:", counted))},
    )


def behind(prefix: str, counted: Mapping[str, int]) -> dict[str, int]:
    """What begins so, the most frequent first."""
    found = {key.removeprefix(prefix): count for key, count in counted.items() if key.startswith(prefix)}
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def clock_figures(kind: str, counted: Mapping[str, int]) -> ClockFigures:
    due, met, within, breached = (counted.get(f"{kind}:{name}", 0) for name in ("due", "met", "within", "breached"))
    took = {int(bucket): count for bucket, count in behind(f"{kind}:took:", counted).items()}
    return ClockFigures(
        due=due,
        met=met,
        within=within,
        breached=breached,
        compliance=round(within / (within + breached), 4) if within + breached else None,
        mean_seconds=round(counted.get(f"{kind}:ms", 0) / met / 1000, 3) if met else None,
        p50_seconds=percentile(took, 0.5),
        p90_seconds=percentile(took, 0.9),
    )


def percentile(buckets: Mapping[int, int], share: float) -> float | None:
    """The smallest duration that at least this share of them do not exceed (nearest rank)."""
    total = sum(buckets.values())
    seen = 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen >= share * total:
            return round(seconds_of(bucket), 1)
    return None


def added(parts: Iterable[Iterable[tuple[str, Mapping[str, int]]]]) -> dict[str, Counter[str]]:
    """Sums of several days, by value."""
    found: dict[str, Counter[str]] = {}
    for part in parts:
        for value, counted in part:
            found.setdefault(value, Counter()).update(counted)
    return found

"""What a review says, from what was counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from pydantic import Field

from services.sla.figures.summary import Figures, figures_of
from services.sla.improvements.domain import Improvement, Measured
from shared.domain import Value

PROBLEM_DIMENSIONS = ("category", "module", "fingerprint", "tag")
PERIODS = 6  # of which the trend is told, this one included
LONGEST_WITH_TREND = 62  # days; of longer ones only the period before is told
MOST_ENTRIES = 10  # of a dimension
Added = Mapping[str, Counter[str]]


class Period(NamedTuple):
    """From `since` until before `until`."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    @property
    def before(self) -> "Period":
        """Whole months before whole months, else as many days."""
        if self.since.day == self.until.day == 1:
            months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
            return Period(_months_before(self.since, months), self.since)
        return Period(self.since - timedelta(days=self.days), self.since)


class Entry(Value):
    """A frequent problem."""

    dimension: str
    """`category`, `module`, `fingerprint` or `tag`"""
    value: str
    """Which of them"""
    tickets: int
    """How many tickets it had"""
    share: float
    """Of all tickets, from 0 to 1"""
    change: float | None
    """From the period before, by tickets a day: 0.5 is half as many again; null where there were none"""
    trend: list[int]
    """How many it had in each period, this one last"""
    unsolved: int
    """How many are not solved"""
    reopened: int
    """How many were reopened"""
    rejected: int
    """How many had a solution that the customer rejected"""
    failed: int
    """How many had a solution that failed the internal verification"""


class PeriodFigures(Value):
    """Of one period, for the trend."""

    since: date
    """Its first day"""
    until: date
    """The day before which it ends"""
    opened: int
    """How many tickets were opened"""
    unsolved: int
    """How many of them are not solved"""
    breached: int
    """How many missed the target of their resolution"""
    satisfaction: dict[str, int] = Field(default_factory=dict)
    """How their customers rated them"""


class ImprovementSince(Value):
    """An improvement that was raised before this period ended, and how it went since."""

    id: str
    """Its id"""
    title: str
    """What it is"""
    dimension: str
    """What it is to make less"""
    value: str
    """Which of them"""
    owner: str
    """Who sees to it"""
    due_on: date
    """Until when"""
    state: str
    """`open` or `done`"""
    measured: Measured
    """How many tickets there were in this period"""


class ReviewContent(Value):
    since: date
    """The first day"""
    until: date
    """The day before which it ends"""
    total: Figures
    """Of all tickets that were opened in it"""
    before: Figures
    """Of the period before"""
    periods: list[PeriodFigures]
    """The trend, this period last"""
    problems: list[Entry]
    """The most frequent ones of each dimension"""
    improvements: list[ImprovementSince]
    """How those went that were raised before"""


def periods(since: date, until: date) -> list[Period]:
    """This one last."""
    found = [Period(since, until)]
    while len(found) < (PERIODS if found[-1].days <= LONGEST_WITH_TREND else 2):
        found.insert(0, found[0].before)
    return found


def content(
    told: Sequence[Period],
    added: Mapping[str, Sequence[Added]],
    improvements: Sequence[Improvement],
) -> ReviewContent:
    """`added` is what was counted: by dimension, of each period in turn, `all` and `cause` among them."""
    totals = [part.get("all", Counter()) for part in added["all"]]
    now = told[-1]
    return ReviewContent(
        since=now.since,
        until=now.until,
        total=figures_of(totals[-1]),
        before=figures_of(totals[-2]),
        periods=[_period(period, total) for period, total in zip(told, totals, strict=True)],
        problems=[entry for name in PROBLEM_DIMENSIONS for entry in _entries(name, told, added[name], totals[-1])],
        improvements=[_since(one, now, added) for one in improvements],
    )


def tickets_of(dimension: str, value: str, added: Mapping[str, Sequence[Added]]) -> int:
    """How many tickets an entry has in the last period."""
    if dimension == "cause":
        return added["all"][-1].get("all", Counter())[f"cause:{value}"]
    return added[dimension][-1].get(value, Counter())["opened"]


def _entries(dimension: str, told: Sequence[Period], parts: Sequence[Added], total: Counter[str]) -> list[Entry]:
    named = {value: counted for value, counted in parts[-1].items() if value}
    ordered = sorted(named.items(), key=lambda one: (-one[1]["opened"], one[0]))[:MOST_ENTRIES]
    return [
        Entry(
            dimension=dimension,
            value=value,
            tickets=counted["opened"],
            share=round(counted["opened"] / total["opened"], 4),
            change=_change([part.get(value, Counter())["opened"] for part in parts], told),
            trend=[part.get(value, Counter())["opened"] for part in parts],
            unsolved=counted["unsolved"],
            reopened=counted["reopened"],
            rejected=counted["rejected"],
            failed=counted["failed"],
        )
        for value, counted in ordered
    ]


def _change(trend: Sequence[int], told: Sequence[Period]) -> float | None:
    before = trend[-2] / told[-2].days
    return round(trend[-1] / told[-1].days / before - 1, 4) if before else None


def _period(period: Period, total: Counter[str]) -> PeriodFigures:
    figures = figures_of(total)
    return PeriodFigures(
        since=period.since,
        until=period.until,
        opened=figures.opened,
        unsolved=figures.unsolved,
        breached=total["resolution:breached"],
        satisfaction=figures.satisfaction,
    )


def _since(one: Improvement, now: Period, added: Mapping[str, Sequence[Added]]) -> ImprovementSince:
    base = one.baseline
    return ImprovementSince(
        id=one.id,
        title=one.title,
        dimension=base.dimension,
        value=base.value,
        owner=one.owner,
        due_on=one.due_on,
        state=one.state,
        measured=one.measured(tickets_of(base.dimension, base.value, added), now.days),
    )


def _months_before(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)

"""What was shown to a customer who was about to submit a request, and whether they submitted it.

Some customers, always the same, are the hold-out group: they are shown no articles, and what would have been shown is
kept all the same. So both groups have requests for which there were articles, and differ in nothing else. A day later
it is known whether a ticket was opened, and the customer's name is dropped.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, NotFound
from shared.events import Event
from shared.terms import Term

WITHIN = timedelta(hours=24)  # of what was shown, a ticket is the request that it was shown for
MOST_ARTICLES = 20  # of one suggestion
BITS = 64
NORMAL_95 = 1.96  # deviations on each side that hold 95 % of a normal distribution


class Group(Term):
    SHOWN = "shown", "shown articles", "展示文章组"
    HELD_OUT = "held_out", "hold-out group", "对照组"


class Result(Term):
    OPEN = "open", "not known yet", "待定"
    SUBMITTED = "submitted", "submitted anyway", "仍提交工单"
    NOT_SUBMITTED = "not_submitted", "not submitted", "未提交工单"


class Suggestion(Aggregate):
    """One visit of a customer: what is asked again meanwhile is part of it. `customer` is a subject, and empty as soon
    as the result is known."""

    customer: str
    group: Group
    articles: list[str] = Field(default_factory=list)
    read: list[str] = Field(default_factory=list)
    shown_at: AwareDatetime
    due_at: AwareDatetime | None = None
    result: Result = Result.OPEN

    @classmethod
    def made(cls, id: str, customer: str, group: Group, articles: Iterable[str], now: datetime) -> "Suggestion":
        new = cls(id=id, customer=customer, group=group, shown_at=now, due_at=now + WITHIN)
        new.add(articles)
        return new

    def add(self, articles: Iterable[str]) -> list[Event]:
        self.articles = list(dict.fromkeys([*self.articles, *articles]))[:MOST_ARTICLES]
        return []

    def note_read(self, article: str, customer: str) -> list[Event]:
        """Raises NotFound: what another was shown looks like nothing at all, and so does what was not shown."""
        if self.customer != customer or self.group is Group.HELD_OUT or article not in self.articles:
            raise NotFound.of(self.id)
        if article not in self.read:
            self.read.append(article)
        return []

    def record_result(self, submitted: bool) -> list[Event]:
        if self.result is Result.OPEN:
            self.result = Result.SUBMITTED if submitted else Result.NOT_SUBMITTED
            self.customer, self.due_at = "", None
        return []


def group_of(customer: str, held_out: float) -> Group:
    """The same for a customer each time; `held_out` is the share of the hold-out group, from 0 to 1."""
    digest = hashlib.blake2b(f"deflection {customer}".encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest()
    return Group.HELD_OUT if int.from_bytes(digest, "big") < held_out * 2**BITS else Group.SHOWN


@dataclass(frozen=True)
class Counts:
    """Visits of one group for which there were articles, and of which it is known what came of them."""

    visits: int
    read: int
    submitted: int

    @property
    def not_submitted(self) -> int:
        return self.visits - self.submitted

    @property
    def share_submitted(self) -> float | None:
        return self.submitted / self.visits if self.visits else None


def effect(shown: Counts, held_out: Counts) -> tuple[float, float, float] | None:
    """By how much smaller the share of those who submitted is where articles were shown, with the ends of its 95 %
    interval (Newcombe, "Interval estimation for the difference between independent proportions", 1998, method 10); None
    where a group has nobody."""
    if not shown.visits or not held_out.visits:
        return None
    a, b = held_out.submitted / held_out.visits, shown.submitted / shown.visits
    (a_low, a_high), (b_low, b_high) = _wilson(a, held_out.visits), _wilson(b, shown.visits)
    difference = a - b
    low = difference - math.hypot(a - a_low, b_high - b)
    high = difference + math.hypot(a_high - a, b - b_low)
    return difference, low, high


def _wilson(share: float, of: int) -> tuple[float, float]:
    z = NORMAL_95
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return middle - half, middle + half


def open_one(known: Sequence[Suggestion], now: datetime) -> Suggestion | None:
    """The visit that still goes on."""
    return next((one for one in known if one.result is Result.OPEN and one.due_at and one.due_at > now), None)

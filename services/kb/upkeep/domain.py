"""Why an article should be looked at again, and what came of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Conflict, Value
from shared.events import Event, KbReviewDue, ReviewReason
from shared.terms import Term, Text

REMIND_AFTER = timedelta(days=14)
MOST_CAUSES, MOST_REVIEWS, MOST_USES = 50, 20, 40
COMPARED = 10  # uses: the newest ones against those before
LOW, FALL = 0.6, 0.2  # a share of uses that helped, and how much less than before is a fall
FEWEST = 5  # uses that say anything


class NothingToReview(Conflict):
    title = Text("The article is not due for review", "该知识条目无需复审")


class ReviewOutcome(Term):
    KEPT = "kept", "still right", "内容仍然有效"
    CHANGED = "changed", "changed", "已修订"
    RETIRED = "retired", "retired", "已下线"


class Cause(Value):
    """`about`: the version, the ticket or the day that makes it so."""

    reason: ReviewReason
    about: str
    at: AwareDatetime


class Review(Value):
    """That somebody has looked at it."""

    by: str
    at: AwareDatetime
    outcome: ReviewOutcome
    note: str = ""
    causes: list[Cause]


class Use(Value):
    """Whether the article helped in a round of a ticket."""

    ticket: str
    round: int
    helped: bool
    at: AwareDatetime


class ReviewTask(Aggregate):
    """One for each article, with its id. It is open as long as there are causes that nobody has looked at."""

    title: str = ""
    owner: str = ""
    is_open: bool = False
    causes: list[Cause] = Field(default_factory=list)
    reviews: list[Review] = Field(default_factory=list)
    uses: list[Use] = Field(default_factory=list)
    due_at: AwareDatetime | None = None  # when somebody is reminded
    changed_at: AwareDatetime

    @classmethod
    def of(cls, article: str, now: datetime) -> "ReviewTask":
        return cls(id=article, changed_at=now)

    def require(self, reason: ReviewReason, about: str, title: str, owner: str, now: datetime) -> list[Event]:
        """For this reason somebody should look at it; once for each."""
        seen = [*self.causes, *(cause for one in self.reviews for cause in one.causes)]
        if any((one.reason, one.about) == (reason, about) for one in seen):
            return []
        self.causes = [*self.causes, Cause(reason=reason, about=about, at=now)][-MOST_CAUSES:]
        self.title, self.owner, self.changed_at = title, owner, now
        self.is_open, self.due_at = True, now + REMIND_AFTER
        return [KbReviewDue(subject=self.id, time=now, title=title, reasons=[reason], about=about, owner=owner)]

    def review(self, outcome: ReviewOutcome, note: str, by: str, now: datetime) -> list[Event]:
        """Raises NothingToReview."""
        if not self.is_open:
            raise NothingToReview(f"{self.id} is not due for review", f"{self.id} 无需复审")
        done = Review(by=by, at=now, outcome=outcome, note=note, causes=self.causes)
        self.reviews = [*self.reviews, done][-MOST_REVIEWS:]
        self.causes, self.is_open, self.due_at, self.changed_at = [], False, None, now
        return []

    def remind(self, now: datetime) -> list[Event]:
        if not self.is_open or self.due_at is None or self.due_at > now:
            return []
        self.due_at = now + REMIND_AFTER
        reasons = list(dict.fromkeys(one.reason for one in self.causes))
        about = self.causes[-1].about
        return [
            KbReviewDue(subject=self.id, time=now, title=self.title, reasons=reasons, about=about, owner=self.owner)
        ]

    def record(self, new: Sequence[Use]) -> bool:
        """Keep whether it helped, each round once, in whatever order; returns whether it now helps less than before."""
        by_round = {(one.ticket, one.round): one for one in (*self.uses, *new)}
        self.uses = sorted(by_round.values(), key=lambda one: (one.at, one.ticket, one.round))[-MOST_USES:]
        recent, before = self.uses[-COMPARED:], self.uses[:-COMPARED]
        if len(recent) < FEWEST or _share(recent) >= LOW:
            return False
        return len(before) < FEWEST or _share(recent) <= _share(before) - FALL


def _share(uses: Sequence[Use]) -> float:
    return sum(one.helped for one in uses) / len(uses)

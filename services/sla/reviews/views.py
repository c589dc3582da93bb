"""Reviews as the API shows them."""

from datetime import date, datetime
from typing import Self

from services.sla.reviews.content import ReviewContent
from services.sla.reviews.domain import Review, State
from shared.http import Body, View, example
from shared.terms import Day


class NewReview(Body):
    model_config = example(since="2026-01-01", until="2026-04-01")

    since: Day
    """The first day, in the desk's time zone"""
    until: Day
    """The day before which it ends, at most 400 days later"""


class ReviewHead(View):
    id: str
    """Its id: the month, for those that are made each month"""
    since: date
    """The first day"""
    until: date
    """The day before which it ends"""
    state: State
    """Whether it is planned, a draft, or published"""
    made_at: datetime | None
    """When it was made"""
    published_at: datetime | None
    """When it was published; from then on it stays as it is"""
    published_by: str
    """Who published it"""
    digest: str
    """The SHA-256 of its content"""
    version: int
    """Counts its changes"""


class ReviewView(ReviewHead):
    content: ReviewContent | None
    """What it says; null while it is planned"""

    @classmethod
    def of(cls, review: Review) -> Self:
        return cls.model_validate(review)

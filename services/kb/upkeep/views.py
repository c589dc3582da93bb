"""What people send to, and see of, review tasks."""

from datetime import datetime

from pydantic import Field

from services.kb.upkeep.domain import ReviewOutcome
from shared.events import ReviewReason
from shared.http import Body, View, example
from shared.terms import OptionalLine


class ReviewDone(Body):
    model_config = example(outcome="kept", note="V3.3 behaves in the same way")

    outcome: ReviewOutcome
    """What came of it"""
    note: OptionalLine = ""
    """What was found"""


class CauseView(View):
    reason: ReviewReason
    """Why it should be looked at again"""
    about: str
    """The version, the ticket or the day that makes it so"""
    at: datetime
    """Since when"""


class ArticleReviewView(View):
    by: str
    """Who looked at it, as a subject"""
    at: datetime
    """When"""
    outcome: ReviewOutcome
    """What came of it"""
    note: str
    """What they found"""
    causes: list[CauseView]
    """Why they were asked to"""


class ReviewTaskView(View):
    """Whether an article should be looked at again, and why."""

    article: str = Field(validation_alias="id")
    """Its id"""
    version: int
    """Counts the changes; the ETag has it too"""
    title: str
    """What its problem is called"""
    owner: str
    """Who keeps it right, as a subject; empty if nobody was named"""
    is_open: bool
    """Whether it waits for somebody"""
    causes: list[CauseView]
    """Why, the oldest first"""
    reviews: list[ArticleReviewView]
    """The newest times that somebody looked at it, the oldest first"""
    used: int
    """In how many of the newest rounds of solution it was used"""
    helped: int
    """In how many of them the customer accepted the solution"""
    changed_at: datetime
    """When this last changed"""

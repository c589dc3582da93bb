"""What people see of a case."""

from datetime import datetime
from typing import Self

from pydantic import Field

from services.kb.cases.domain import CaseState
from services.kb.search.domain import Found
from services.kb.search.result_views import FoundView, SearchBody
from shared.http import View, example
from shared.terms import Category, Priority, Satisfaction
from shared.views import ProblemView, SolutionRoundView


class CaseView(View):
    """What happened to a ticket from the first word to the last."""

    ticket: str = Field(validation_alias="id")
    """The ticket's number"""
    version: int
    """Counts the changes; the ETag has it too"""
    state: CaseState
    """Whether it is archived or was reopened"""
    disputed: bool
    """Whether another ticket was completed under the same number, so that only the first ticket's completion still
    changes the case"""
    problem: ProblemView
    """What was reported"""
    customer: str
    """The customer's name"""
    company: str
    """The company that the customer belongs to"""
    category: Category | None
    """What kind of problem it is; null if nobody said"""
    priority: Priority | None
    """How urgent it was"""
    assignee: str
    """The engineer who had it last, as a subject"""
    solution: str
    """The one that the customer accepted; empty if they accepted none"""
    root_cause: str
    """The cause that was found"""
    rounds: list[SolutionRoundView]
    """The newest rounds, the oldest first"""
    rounds_left_out: int
    """How many of the oldest rounds were dropped to limit the size"""
    fingerprints: list[str]
    """Of the stack traces that came with it"""
    tags: list[str]
    """Words by which it is found"""
    article: str
    """The id of the article that solved it or was drafted from it; empty if there is none"""
    satisfaction: Satisfaction | None
    """The customer's rating; null if they gave none"""
    feedback_comment: str
    """What they added"""
    cause_of_dissatisfaction: str
    """As the call-back found it"""
    second_plan: str
    """What was agreed with a dissatisfied customer"""
    opened_at: datetime
    """When the ticket was opened"""
    resolved_at: datetime | None
    """When the customer accepted the solution; null if they accepted none"""
    archived_at: datetime
    """When the ticket was completed"""
    reopened_for: str
    """Why it was reopened; empty while it is archived"""
    changed_at: datetime
    """When it last changed"""


class CaseSearch(SearchBody):
    """What a case should be about."""

    model_config = example(text="Excel export closes the program", product=["ERP"], version_from="3.0", limit=5)


class FoundCaseView(FoundView):
    """An archived case that matches."""

    ticket: str
    """The ticket's number"""
    title: str
    """Of the problem"""
    category: Category | None
    """What kind of problem it is; null if nobody said"""
    article: str
    """The id of the article that solved it or was drafted from it; empty if there is none"""

    @classmethod
    def of(cls, one: Found) -> Self:
        what = one.what
        return cls(ticket=one.id, title=what.title, category=what.category, article=what.article).found(one)

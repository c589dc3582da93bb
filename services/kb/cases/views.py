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


class CompletionView(View):
    """How the ticket ended, once."""

    number: int
    """The ticket's version then"""
    archived_at: datetime
    """When the ticket was completed"""
    resolved_at: datetime | None
    """When the customer accepted the solution; null if they accepted none"""
    solution: str
    """The one that the customer accepted; empty if they accepted none"""
    root_cause: str
    """The cause that was found"""
    satisfaction: Satisfaction | None
    """The customer's rating; null if they gave none"""
    feedback_comment: str
    """What they added"""
    cause_of_dissatisfaction: str
    """As the call-back found it"""
    second_plan: str
    """What was agreed with a dissatisfied customer"""


class ReopeningView(View):
    number: int
    """The ticket's version then"""
    reopened_at: datetime
    """When it was reopened"""
    reason: str
    """Why"""


class CaseConsultationView(View):
    """An expert consultation about the problem."""

    concluded_at: datetime
    """When it ended"""
    conclusions: str
    """What it came to"""
    action_items: list[str]
    """Who does what"""


class LogFindingView(View):
    """What the analysis of a log found."""

    analysed_at: datetime
    """When it was analysed"""
    exceptions: list[str]
    """The errors in it"""
    root_cause: str
    """The innermost one"""
    module: str
    """Where most of them began"""
    systems: list[str]
    """Third-party systems that they point to, by id"""


class CaseView(View):
    """What happened to a ticket from the first word to the last. Names, addresses, numbers and secrets of the customer
    are taken out of all texts."""

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
    """The company, or a mark for a customer who belongs to none: cases keep no names"""
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
    completions: list[CompletionView]
    """Each time that the ticket was completed, the oldest first; the newest 20 are kept"""
    reopenings: list[ReopeningView]
    """Each time that it was reopened, the oldest first"""
    consultations: list[CaseConsultationView]
    """What experts came to, the oldest first"""
    log_findings: list[LogFindingView]
    """What was found in its logs, the oldest first"""
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

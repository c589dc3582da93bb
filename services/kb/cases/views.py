"""What people see of a case."""

from datetime import datetime

from services.kb.cases.domain import Case, CaseState
from shared.events import Problem, SolutionRound
from shared.http import Body
from shared.terms import Category, Priority, Satisfaction


class CaseView(Body):
    """`rounds_left_out`: how many of the oldest rounds were dropped to limit the size. `disputed`: another ticket was
    completed under the same number, so only the first ticket's own completion still changes the case."""

    id: str
    version: int
    state: CaseState
    disputed: bool
    problem: Problem
    customer: str
    company: str
    category: Category | None
    priority: Priority | None
    assignee: str
    solution: str
    root_cause: str
    rounds: list[SolutionRound]
    rounds_left_out: int
    fingerprints: list[str]
    tags: list[str]
    article: str
    satisfaction: Satisfaction | None
    feedback_comment: str
    cause_of_dissatisfaction: str
    second_plan: str
    opened_at: datetime
    resolved_at: datetime | None
    archived_at: datetime
    reopened_for: str
    changed_at: datetime

    @classmethod
    def of(cls, case: Case) -> "CaseView":
        return cls.model_construct(**{name: getattr(case, name) for name in cls.model_fields})

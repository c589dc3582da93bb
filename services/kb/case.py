"""Cases: what happened to one ticket from the first word to the last (P5.3), and what an article takes from it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.kb.domain import LONGEST_DETAILS, Content
from shared.domain import Aggregate
from shared.events import Event, KbCaseArchived, Problem, SolutionRound, TicketCompleted, TicketReopened
from shared.terms import Category, Priority, Satisfaction, Term

MOST_ROUNDS = 50
MOST_FINGERPRINTS = 20
# For so long a fact about a case that is not there is taken to be early; afterwards there was never a case.
EARLY_FOR = timedelta(minutes=5)


class CaseState(Term):
    ARCHIVED = "archived", "archived", "已归档"
    REOPENED = "reopened", "reopened", "已重开"


class Case(Aggregate):
    """The standard case of one ticket (P5.3); its id is the ticket's number."""

    state: CaseState = CaseState.ARCHIVED
    problem: Problem
    customer: str
    company: str = ""
    category: Category | None = None
    priority: Priority | None = None
    assignee: str = ""
    solution: str = ""
    root_cause: str = ""
    rounds: list[SolutionRound] = Field(default_factory=list)
    fingerprints: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    article: str = ""
    satisfaction: Satisfaction | None = None
    feedback_comment: str = ""
    cause_of_dissatisfaction: str = ""
    second_plan: str = ""
    opened_at: AwareDatetime
    resolved_at: AwareDatetime | None = None
    archived_at: AwareDatetime
    reopened_for: str = ""
    changed_at: AwareDatetime

    @classmethod
    def of(cls, event: TicketCompleted, tags: Sequence[str], article: str, now: datetime) -> "Case":
        solved = accepted(event)
        return cls(
            id=event.subject,
            problem=event.problem,
            customer=event.customer,
            company=event.company,
            category=event.category,
            priority=event.priority,
            assignee=event.assignee,
            solution=solved.solution if solved else "",
            root_cause=solved.root_cause if solved else "",
            rounds=event.rounds[-MOST_ROUNDS:],
            fingerprints=event.fingerprints[:MOST_FINGERPRINTS],
            tags=list(tags),
            article=article,
            satisfaction=event.satisfaction,
            feedback_comment=event.feedback_comment,
            cause_of_dissatisfaction=event.cause_of_dissatisfaction,
            second_plan=event.second_plan,
            opened_at=event.opened_at,
            resolved_at=event.resolved_at,
            archived_at=event.time,
            changed_at=now,
        )

    def archived(self, now: datetime) -> list[Event]:
        return [KbCaseArchived(subject=self.id, time=now, tags=self.tags, article=self.article)]

    def archive_again(self, newer: "Case") -> list[Event]:
        """The ticket was completed once more; an older completion that comes late changes nothing."""
        if newer.archived_at <= self.archived_at:
            return []
        for name in type(self).model_fields.keys() - {"id", "version"}:
            setattr(self, name, getattr(newer, name))
        return self.archived(newer.changed_at)

    def reopen(self, event: TicketReopened, now: datetime) -> list[Event]:
        if event.time < self.archived_at or self.state is CaseState.REOPENED:
            return []
        self.state, self.reopened_for, self.changed_at = CaseState.REOPENED, event.reason, now
        return []


def accepted(event: TicketCompleted) -> SolutionRound | None:
    """The round that the customer said yes to."""
    return next((one for one in reversed(event.rounds) if one.accepted), None)


def learnt(event: TicketCompleted, solved: SolutionRound, tags: Sequence[str]) -> Content:
    """What an article about this ticket says, in the words of those who worked on it."""
    problem = event.problem
    told = (problem.description, problem.environment, problem.steps, problem.error_text)
    return Content(
        title=problem.title,
        problem="\n\n".join(part for part in told if part),
        solution=solved.solution,
        root_cause=solved.root_cause,
        category=event.category,
        tags=list(tags),
        fingerprints=event.fingerprints[:MOST_FINGERPRINTS],
        product=problem.product,
        product_version=problem.product_version,
    )


def details_of(event: TicketCompleted, solved: SolutionRound) -> str:
    """What was particular about a case that an article helped with."""
    problem = event.problem
    told = (problem.title, problem.product_version, problem.environment, solved.comment or solved.result)
    return "\n".join(part for part in told if part)[:LONGEST_DETAILS]


def may_be_early(event: Event, now: datetime) -> bool:
    return now - event.time < EARLY_FOR

"""Cases: what happened to one ticket from the first word to the last (P5.3), and what an article takes from it."""

from collections.abc import Sequence

from pydantic import AwareDatetime, Field

from services.kb.articles.domain import LONGEST_DETAILS, Content, Reuse
from services.kb.cases.sizes import cut, cut_texts, newest_that_fit
from services.kb.search.domain import Placed
from shared.domain import Listener
from shared.events import Event, KbCaseArchived, Problem, SolutionRound, TicketCompleted, TicketReopened, wire_time
from shared.terms import EARLIEST, Category, Priority, Satisfaction, Term

MOST_ROUNDS = 50
MOST_FINGERPRINTS = 20
# Of an open ticket several times; which version of it told of each is in `revisions`.
COMPLETED, REOPENED, STATE = "completed", "reopened", "state"


class CaseState(Term):
    ARCHIVED = "archived", "archived", "已归档"
    REOPENED = "reopened", "reopened", "已重开"


class Case(Placed, Listener):
    """The standard case of one ticket (P5.3); its id is the ticket's number. It is the same whatever the order in which
    completions and reopenings are heard; while only a reopening was, it is `awaited` and has nothing to show.
    `disputed`: another ticket was completed under this number, and whose a reopening is nobody knows any more."""

    state: CaseState = CaseState.ARCHIVED
    awaited: bool = False
    disputed: bool = False
    problem: Problem
    customer: str
    company: str = ""
    category: Category | None = None
    priority: Priority | None = None
    assignee: str = ""
    solution: str = ""
    root_cause: str = ""
    rounds: list[SolutionRound] = Field(default_factory=list)
    rounds_left_out: int = 0
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
    def of(cls, ticket: str) -> "Case":
        """Of which nothing is known yet."""
        nothing = Problem(title="", description="")
        began = {"opened_at": EARLIEST, "archived_at": EARLIEST, "changed_at": EARLIEST}
        return cls(id=ticket, state=CaseState.REOPENED, awaited=True, problem=nothing, customer="", **began)

    @property
    def reopening(self) -> int:
        """The version of the ticket that its newest reopening made, 0 where none is known."""
        return self.revisions.get(REOPENED, 0)

    def is_of_another(self, event: TicketCompleted) -> bool:
        """Whether this tells of another ticket that was opened under the same number."""
        return not self.awaited and wire_time(event.opened_at) != self.opened_at

    def archive(self, event: TicketCompleted, tags: Sequence[str], article: str) -> list[Event]:
        if self.is_of_another(event):
            self.disputed = True
            return []
        before = self.model_copy()
        if not self.is_overtaken(COMPLETED, event):
            self._tell(event, tags, article)
        if not self.is_overtaken(STATE, event):
            self.state, self.reopened_for, self.changed_at = CaseState.ARCHIVED, "", event.time
        if self.state is CaseState.REOPENED or self == before:
            return []
        return [KbCaseArchived(subject=self.id, time=event.time, tags=self.tags, article=self.article)]

    def reopen(self, event: TicketReopened) -> list[Event]:
        if self.disputed:
            return []
        self.is_overtaken(REOPENED, event)
        if not self.is_overtaken(STATE, event):
            self.state, self.reopened_for, self.changed_at = CaseState.REOPENED, event.reason, event.time
        return []

    def _tell(self, event: TicketCompleted, tags: Sequence[str], article: str) -> None:
        solved = accepted(event)
        self.awaited = False
        self.problem = cut_texts(event.problem)
        self.customer, self.company = event.customer_name or event.customer, event.company
        self.category, self.priority, self.assignee = event.category, event.priority, event.assignee
        self.solution = cut(solved.solution) if solved else ""
        self.root_cause = cut(solved.root_cause) if solved else ""
        self.rounds = newest_that_fit([cut_texts(one) for one in event.rounds[-MOST_ROUNDS:]])
        self.rounds_left_out = len(event.rounds) - len(self.rounds)
        self.fingerprints, self.tags = event.fingerprints[:MOST_FINGERPRINTS], list(tags)
        self.article = article
        self.satisfaction, self.feedback_comment = event.satisfaction, cut(event.feedback_comment)
        self.cause_of_dissatisfaction = cut(event.cause_of_dissatisfaction)
        self.second_plan = cut(event.second_plan)
        self.opened_at, self.resolved_at, self.archived_at = event.opened_at, event.resolved_at, event.time


def accepted(told: TicketCompleted | Case) -> SolutionRound | None:
    """The round that the customer said yes to."""
    return next((one for one in reversed(told.rounds) if one.accepted), None)


def learnt(event: TicketCompleted, solved: SolutionRound, tags: Sequence[str]) -> Content:
    """What an article about this ticket says, in the words of those who worked on it."""
    problem = event.problem
    told = (problem.description, problem.environment, problem.steps, problem.error_text)
    return Content(
        title=problem.title,
        problem=cut("\n\n".join(part for part in told if part)),
        solution=cut(solved.solution),
        root_cause=cut(solved.root_cause),
        category=event.category,
        tags=list(tags),
        fingerprints=event.fingerprints[:MOST_FINGERPRINTS],
        product=problem.product,
        product_version=problem.product_version,
    )


def reuse_of(told: TicketCompleted | Case, solved: SolutionRound) -> tuple[Reuse, int]:
    """What was particular about a case that an article helped with, and the version of its ticket that told so."""
    problem = told.problem
    parts = (problem.title, problem.product_version, problem.environment, solved.comment or solved.result)
    details = "\n".join(part for part in parts if part)[:LONGEST_DETAILS]
    ticket, version, at = (
        (told.id, told.revisions.get(COMPLETED, 0), told.archived_at)
        if isinstance(told, Case)
        else (told.subject, told.revision, told.time)
    )
    return Reuse(ticket=ticket, by=solved.verified_by or told.assignee, time=at, details=details), version

"""Cases: what happened to a ticket from the first word to the last (P5.3), and what an article takes from it."""

from collections.abc import Sequence

from pydantic import AwareDatetime, Field

from services.kb.articles.content import MAX_DETAILS, Content, Reuse
from services.kb.cases.history import NOTE_BYTES, Completion, Consultation, LogFinding, Reopening, added
from services.kb.cases.personal import NAME, Mask
from services.kb.cases.truncation import newest_that_fit, truncated, with_truncated_texts
from services.kb.search.domain import Kind, Searchable, Searched
from shared.domain import Listener
from shared.erasing import ERASED, forget
from shared.events import (
    Event,
    KbCaseArchived,
    Problem,
    SolutionRound,
    TicketCompleted,
    TicketReopened,
    TriageConsultationConcluded,
    TriageLogAnalysed,
    wire_time,
)
from shared.terms import EARLIEST, Category, Priority, Satisfaction, Term

MAX_ROUNDS = 50
_KEPT = """
    id company assignee article product product_version module fingerprints tags verified_by recorded_by confirmed_by
    systems
"""
KEPT = frozenset(_KEPT.split())  # texts that are ids or terms, where the customer is forgotten
MAX_FINGERPRINTS = 20
# The matters that a ticket reports more than once; `revisions` keeps the newest ticket version of each.
COMPLETED, REOPENED, STATE = "completed", "reopened", "state"


class CaseState(Term):
    ARCHIVED = "archived", "archived", "已归档"
    REOPENED = "reopened", "reopened", "已重开"


class Case(Searchable, Listener):
    """The standard case of one ticket (P5.3); its id is the ticket's number. It is the same in whatever order
    completions and reopenings are received. It is `awaited` while only a reopening was, and then has nothing to show.
    `disputed`: there is another ticket under this number, and nobody knows any more whose a reopening is."""

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
    completions: list[Completion] = Field(default_factory=list)
    reopenings: list[Reopening] = Field(default_factory=list)
    consultations: list[Consultation] = Field(default_factory=list)
    log_findings: list[LogFinding] = Field(default_factory=list)
    changed_at: AwareDatetime

    @classmethod
    def awaiting(cls, ticket: str) -> "Case":
        """Of a ticket whose completion was not received yet."""
        nothing = Problem(title="", description="")
        began = {"opened_at": EARLIEST, "archived_at": EARLIEST, "changed_at": EARLIEST}
        return cls(id=ticket, state=CaseState.REOPENED, awaited=True, problem=nothing, customer="", **began)

    @property
    def reopening(self) -> int:
        """The ticket version of its newest reopening, 0 when none was received."""
        return self.revisions.get(REOPENED, 0)

    def entry(self) -> Searched | None:
        """None while it is reopened: there is no solution to show."""
        if self.state is CaseState.REOPENED:
            return None
        problem = self.problem
        texts = [(name, getattr(problem, name)) for name in ("description", "error_text", "environment", "steps")]
        return Searched(
            Kind.CASE,
            problem.title,
            (*texts, ("root_cause", self.root_cause), ("solution", self.solution)),
            tags=self.tags,
            fingerprints=self.fingerprints,
            article=self.article,
            category=self.category,
            product=problem.product,
            product_version=problem.product_version,
            module=problem.module,
        )

    def is_of_another(self, event: TicketCompleted | TicketReopened) -> bool:
        """Whether this happened to another ticket that was opened under the same number; of reopenings that older
        releases told nobody knows."""
        if event.opened_at is None or self.opened_at == EARLIEST:
            return False
        return wire_time(event.opened_at) != self.opened_at

    def archive(self, event: TicketCompleted, tags: Sequence[str], article: str) -> list[Event]:
        if self.is_of_another(event):
            self.disputed = True
            return []
        before = self.model_copy()
        self.completions = added(self.completions, completion_of(event))
        is_news = not self.is_overtaken(COMPLETED, event)
        if is_news:
            self._record(event, tags, article)
        if not self.is_overtaken(STATE, event):
            self.state, self.reopened_for, self.changed_at = CaseState.ARCHIVED, "", event.time
        if self.state is CaseState.REOPENED or self == before or not is_news:
            return []
        return [KbCaseArchived(subject=self.id, time=event.time, tags=self.tags, article=self.article)]

    def reopen(self, event: TicketReopened) -> list[Event]:
        self.disputed = self.disputed or self.is_of_another(event)
        if self.disputed:
            return []
        if self.awaited and event.opened_at:
            self.opened_at = wire_time(event.opened_at)
        self.is_overtaken(REOPENED, event)
        self.reopenings = added(
            self.reopenings,
            Reopening(number=event.revision, reopened_at=event.time, reason=truncated(event.reason, NOTE_BYTES)),
        )
        if not self.is_overtaken(STATE, event):
            self.state, self.reopened_for, self.changed_at = CaseState.REOPENED, event.reason, event.time
        return []

    def consulted(self, event: TriageConsultationConcluded, mask: Mask) -> list[Event]:
        """Usually before the ticket is completed, when its customer's name is not known yet: see `_record`."""
        self.consultations = added(self.consultations, Consultation.of(event).masked(mask))
        return []

    def analysed(self, event: TriageLogAnalysed, mask: Mask) -> list[Event]:
        self.log_findings = added(self.log_findings, LogFinding.of(event).masked(mask))
        return []

    def forget_words(self) -> list[Event]:
        """Its customer is forgotten: it says what kind of problem it was, how it was rated, and nothing else."""
        forget(self, KEPT, customer="" if self.awaited else self.company or ERASED)
        return []

    def _record(self, event: TicketCompleted, tags: Sequence[str], article: str) -> None:
        accepted = accepted_round(event)
        mask = Mask([event.customer_name], [event.company])
        self.consultations = [one.masked(mask) for one in self.consultations]
        self.log_findings = [one.masked(mask) for one in self.log_findings]
        self.awaited = False
        self.problem = with_truncated_texts(event.problem)
        self.customer, self.company = event.company or NAME, event.company
        self.category, self.priority, self.assignee = event.category, event.priority, event.assignee
        self.solution = truncated(accepted.solution) if accepted else ""
        self.root_cause = truncated(accepted.root_cause) if accepted else ""
        self.rounds = newest_that_fit([with_truncated_texts(one) for one in event.rounds[-MAX_ROUNDS:]])
        self.rounds_left_out = len(event.rounds) - len(self.rounds)
        self.fingerprints, self.tags = event.fingerprints[:MAX_FINGERPRINTS], list(tags)
        self.article = article
        self.satisfaction, self.feedback_comment = event.satisfaction, truncated(event.feedback_comment)
        self.cause_of_dissatisfaction = truncated(event.cause_of_dissatisfaction)
        self.second_plan = truncated(event.second_plan)
        self.opened_at, self.resolved_at, self.archived_at = event.opened_at, event.resolved_at, event.time


def accepted_round(ticket: TicketCompleted | Case) -> SolutionRound | None:
    """The round whose solution the customer accepted."""
    return next((one for one in reversed(ticket.rounds) if one.accepted), None)


def completion_of(event: TicketCompleted) -> Completion:
    accepted = accepted_round(event)
    return Completion(
        number=event.revision,
        archived_at=event.time,
        resolved_at=event.resolved_at,
        solution=truncated(accepted.solution, NOTE_BYTES) if accepted else "",
        root_cause=truncated(accepted.root_cause, NOTE_BYTES) if accepted else "",
        satisfaction=event.satisfaction,
        feedback_comment=truncated(event.feedback_comment, NOTE_BYTES),
        cause_of_dissatisfaction=truncated(event.cause_of_dissatisfaction, NOTE_BYTES),
        second_plan=truncated(event.second_plan, NOTE_BYTES),
    )


def article_content(event: TicketCompleted, accepted: SolutionRound, tags: Sequence[str]) -> Content:
    """What an article about this ticket says, in the words of those who worked on it."""
    problem = event.problem
    texts = (problem.description, problem.environment, problem.steps, problem.error_text)
    return Content(
        title=problem.title,
        problem=truncated("\n\n".join(text for text in texts if text)),
        solution=truncated(accepted.solution),
        root_cause=truncated(accepted.root_cause),
        category=event.category,
        tags=list(tags),
        fingerprints=event.fingerprints[:MAX_FINGERPRINTS],
        product=problem.product,
        product_version=problem.product_version,
    )


def reuse_of(ticket: TicketCompleted | Case, accepted: SolutionRound) -> tuple[Reuse, int]:
    """What was particular about a ticket that an article solved, and the version of the ticket."""
    problem = ticket.problem
    texts = (problem.title, problem.product_version, problem.environment, accepted.comment or accepted.result)
    details = "\n".join(text for text in texts if text)[:MAX_DETAILS]
    number, version, at = (
        (ticket.id, ticket.revisions.get(COMPLETED, 0), ticket.archived_at)
        if isinstance(ticket, Case)
        else (ticket.subject, ticket.revision, ticket.time)
    )
    return Reuse(ticket=number, by=accepted.verified_by or ticket.assignee, time=at, details=details), version

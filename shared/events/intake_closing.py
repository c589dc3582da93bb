"""What intake tells of how a ticket ends: feedback, the second plan, the whole case, and that it was not the end."""

from shared.events.envelope import Event, Part
from shared.events.intake import Problem
from shared.terms import Category, Moment, Outcome, Priority, Satisfaction


class TicketFeedbackGiven(Event):
    kind = "ticket.feedback_given"
    satisfaction: Satisfaction
    comment: str = ""


class TicketCalledBack(Event):
    """`listed_cause` is the id of the cause in the desk's list, if it is one of those."""

    kind = "ticket.called_back"
    cause_of_dissatisfaction: str
    notes: str = ""
    listed_cause: str = ""


class TicketPlanAgreed(Event):
    """The second service plan after a dissatisfied customer was called back (P5.2): who sees to it, and until when."""

    kind = "ticket.plan_agreed"
    plan: str
    owner: str = ""
    due_at: Moment | None = None


class TicketPlanOverdue(Event):
    """The second service plan was not carried out in time: `reminder` 1 is its owner's, 2 (a day later) a lead's."""

    kind = "ticket.plan_overdue"
    plan: str
    owner: str
    due_at: Moment
    reminder: int


class TicketPlanCarriedOut(Event):
    kind = "ticket.plan_carried_out"
    result: str
    round: int = 0


class SolutionRound(Part):
    """One round of double verification (P4): internal steps and result, then the customer's word; by whom that was
    written down and confirmed when they said it on the telephone."""

    round: int
    solution: str
    root_cause: str = ""
    steps: str = ""
    result: str = ""
    verified_by: str = ""
    verified_at: Moment | None = None
    accepted: bool | None = None
    comment: str = ""
    answered_at: Moment | None = None
    article: str = ""
    recorded_by: str = ""
    confirmed_by: str = ""
    environment: str = ""
    expected: str = ""
    evidence: list[str] = []


class TicketCompleted(Event):
    """Archived: the whole standard case (P5.3). Where that is too large for one event its longest texts are cut, and
    `shortened` says so. One that ended in another way than `solved` says why, and which ticket it is a duplicate of."""

    kind = "ticket.completed"
    problem: Problem
    customer: str
    customer_name: str = ""
    company: str = ""
    category: Category | None = None
    priority: Priority | None = None
    assignee: str = ""
    rounds: list[SolutionRound] = []
    fingerprints: list[str] = []
    satisfaction: Satisfaction | None = None
    feedback_comment: str = ""
    cause_of_dissatisfaction: str = ""
    second_plan: str = ""
    opened_at: Moment
    resolved_at: Moment | None = None
    shortened: bool = False
    outcome: Outcome = Outcome.SOLVED
    reason: str = ""
    duplicate_of: str = ""


class TicketReopened(Event):
    """`opened_at` tells it from another ticket that was given the same number; older releases did not say it. `undone`:
    it had been closed by mistake, so what its closing stopped goes on."""

    kind = "ticket.reopened"
    reason: str
    round: int
    assignee: str | None = None
    opened_at: Moment | None = None
    undone: bool = False

"""The customer's word on a solution (P4.2)."""

from datetime import datetime, timedelta

from services.intake.domain import Ticket
from shared.domain import Invalid
from shared.events import Event, SolutionRound, TicketSolutionAccepted, TicketSolutionRejected
from shared.terms import Stage

FEEDBACK_WAIT = timedelta(days=5)


def judge(ticket: Ticket, accepted: bool, comment: str, now: datetime) -> list[Event]:
    """Only the customer's yes solves the ticket; their no begins another round (P4.2)."""
    ticket.must_be(Stage.CUSTOMER_VERIFICATION, "judged", "验证")
    if not accepted and not comment:
        raise Invalid("say what still does not work", "请说明仍存在的问题")
    judged = {"accepted": accepted, "comment": comment, "answered_at": now}
    ticket.rounds = [_judged(one, ticket.round, judged) for one in ticket.rounds]
    if accepted:
        ticket.resolved_at, ticket.due_at = now, now + FEEDBACK_WAIT
        said: Event = TicketSolutionAccepted(subject=ticket.id, time=now, round=ticket.round, comment=comment)
        return [said, *ticket.settle("solution_accepted", now)]
    ticket.round += 1
    said = TicketSolutionRejected(
        subject=ticket.id, time=now, round=ticket.round, comment=comment, assignee=ticket.assignee
    )
    return [said, *ticket.settle("solution_rejected", now)]


def _judged(one: SolutionRound, round: int, judged: dict[str, object]) -> SolutionRound:
    return one.model_copy(update=judged) if one.round == round else one

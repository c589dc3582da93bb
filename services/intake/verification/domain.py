"""The customer's word on a solution (P4.2)."""

from datetime import datetime, timedelta

from services.intake.tickets.domain import Ticket
from services.intake.tickets.rating import wait_for_rating
from services.intake.tickets.sizes import ROUNDS_BYTES, with_oldest_truncated
from shared.domain import Invalid
from shared.events import Event, TicketSolutionAccepted, TicketSolutionRejected
from shared.terms import Stage

FEEDBACK_WAIT = timedelta(days=5)


def require_review(ticket: Ticket) -> None:
    """Raises WrongState when the customer is not asked about a solution."""
    ticket.require_stage(Stage.CUSTOMER_VERIFICATION, "there is no solution to verify", "没有待验证的解决方案")


def review_solution(
    ticket: Ticket,
    accepted: bool,
    comment: str,
    now: datetime,
    recorded_by: str = "",
    confirmed_by: str = "",
    feedback_wait: timedelta = FEEDBACK_WAIT,
) -> list[Event]:
    """Only the customer's yes solves the ticket; their no begins another round (P4.2). What they said on the telephone
    was `recorded_by` one member of staff and `confirmed_by` another. Raises WrongState, Invalid, LimitReached."""
    require_review(ticket)
    if not accepted and not comment:
        raise Invalid("Please describe what still does not work", "请说明仍存在的问题", "body.comment")
    if not accepted:
        ticket.require_another_round()
    by = {"recorded_by": recorded_by, "confirmed_by": confirmed_by}
    review = {"accepted": accepted, "comment": comment, "answered_at": now, **by}
    rounds = [one.model_copy(update=review) if one.round == ticket.round else one for one in ticket.rounds]
    ticket.rounds = with_oldest_truncated(rounds, ROUNDS_BYTES)
    if accepted:
        ticket.resolved_at = now
        wait_for_rating(ticket, now, feedback_wait)
        yes = TicketSolutionAccepted(subject=ticket.id, time=now, round=ticket.round, comment=comment, **by)
        return [yes, *ticket.update_stage("solution_accepted", now)]
    ticket.round += 1
    no = TicketSolutionRejected(
        subject=ticket.id, time=now, round=ticket.round, comment=comment, assignee=ticket.assignee, **by
    )
    return [no, *ticket.update_stage("solution_rejected", now)]

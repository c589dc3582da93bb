"""The customer's word on a solution (P4.2)."""

from datetime import datetime, timedelta

from services.intake.domain import Ticket
from shared.domain import Invalid
from shared.events import Event, TicketSolutionAccepted, TicketSolutionRejected
from shared.terms import Stage

FEEDBACK_WAIT = timedelta(days=5)


def judge(
    ticket: Ticket, accepted: bool, comment: str, now: datetime, recorded_by: str = "", confirmed_by: str = ""
) -> list[Event]:
    """Only the customer's yes solves the ticket; their no begins another round (P4.2). What they said on the telephone
    was `recorded_by` one member of staff and `confirmed_by` another."""
    ticket.must_be(Stage.CUSTOMER_VERIFICATION, "judged", "验证")
    if not accepted and not comment:
        raise Invalid("say what still does not work", "请说明仍存在的问题")
    by = {"recorded_by": recorded_by, "confirmed_by": confirmed_by}
    judged = {"accepted": accepted, "comment": comment, "answered_at": now, **by}
    ticket.rounds = [one.model_copy(update=judged) if one.round == ticket.round else one for one in ticket.rounds]
    if accepted:
        ticket.resolved_at, ticket.due_at = now, now + FEEDBACK_WAIT
        yes = TicketSolutionAccepted(subject=ticket.id, time=now, round=ticket.round, comment=comment, **by)
        return [yes, *ticket.settle("solution_accepted", now)]
    ticket.round += 1
    no = TicketSolutionRejected(
        subject=ticket.id, time=now, round=ticket.round, comment=comment, assignee=ticket.assignee, **by
    )
    return [no, *ticket.settle("solution_rejected", now)]

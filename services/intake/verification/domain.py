"""The customer's word on a solution (P4.2)."""

from datetime import datetime, timedelta

from services.intake.tickets import sizes
from services.intake.tickets.domain import Full, Ticket
from services.intake.tickets.sizes import lightened
from shared.domain import Invalid
from shared.events import Event, TicketSolutionAccepted, TicketSolutionRejected
from shared.terms import Stage

FEEDBACK_WAIT = timedelta(days=5)
ROUNDS = 1_000


def must_have_rounds_left(ticket: Ticket) -> None:
    """Raises Full: every round stays on record, so there is an end to them."""
    if ticket.round >= ROUNDS:
        raise Full(
            f"a ticket has {ROUNDS} rounds at most; please open a new one", f"每个工单最多 {ROUNDS} 轮，请提交新工单"
        )


def judge(
    ticket: Ticket, accepted: bool, comment: str, now: datetime, recorded_by: str = "", confirmed_by: str = ""
) -> list[Event]:
    """Only the customer's yes solves the ticket; their no begins another round (P4.2). What they said on the telephone
    was `recorded_by` one member of staff and `confirmed_by` another."""
    ticket.must_be(Stage.CUSTOMER_VERIFICATION, "judged", "验证")
    if not accepted and not comment:
        raise Invalid("say what still does not work", "请说明仍存在的问题")
    if not accepted:
        must_have_rounds_left(ticket)
    by = {"recorded_by": recorded_by, "confirmed_by": confirmed_by}
    judged = {"accepted": accepted, "comment": comment, "answered_at": now, **by}
    rounds = [one.model_copy(update=judged) if one.round == ticket.round else one for one in ticket.rounds]
    ticket.rounds = lightened(rounds, sizes.ROUNDS)
    if accepted:
        ticket.resolved_at, ticket.due_at = now, now + FEEDBACK_WAIT
        yes = TicketSolutionAccepted(subject=ticket.id, time=now, round=ticket.round, comment=comment, **by)
        return [yes, *ticket.settle("solution_accepted", now)]
    ticket.round += 1
    no = TicketSolutionRejected(
        subject=ticket.id, time=now, round=ticket.round, comment=comment, assignee=ticket.assignee, **by
    )
    return [no, *ticket.settle("solution_rejected", now)]

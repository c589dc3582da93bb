"""The customer's word on the telephone: one member of staff writes it down, another confirms it, then it counts."""

from datetime import datetime, timedelta

from services.intake.tickets.domain import LimitReached, Ticket
from services.intake.tickets.sizes import CALLS_BYTES, total_size
from services.intake.tickets.values import PhoneVerification
from services.intake.verification.domain import FEEDBACK_WAIT, require_review, review_solution
from shared.domain import Conflict, Forbidden, Invalid, NotFound
from shared.events import Event
from shared.terms import Stage, Text

CONFIRM_WITHIN = timedelta(days=1)
CLOCK_TOLERANCE = timedelta(minutes=5)
MAX_CALLS = 50


class SecondPersonRequired(Forbidden):
    title = Text("A second member of staff is needed", "须由另一名工作人员确认")


class RoundEnded(Conflict):
    title = Text("The round is over", "该轮次已结束")


class TooLateToConfirm(Conflict):
    title = Text("The call was too long ago", "通话记录已超过确认时限")


def record(ticket: Ticket, call: PhoneVerification) -> list[Event]:
    """Nothing follows from it until it is confirmed. Raises WrongState, Invalid, LimitReached."""
    require_review(ticket)
    if call.called_at > call.recorded_at + CLOCK_TOLERANCE:
        raise Invalid("the call lies in the future", "通话时间晚于当前时间")
    calls = [*ticket.phone_verifications, call]
    if len(calls) > MAX_CALLS or total_size(calls) > CALLS_BYTES:
        raise LimitReached("the ticket takes no more calls", "该工单的通话记录已满")
    ticket.phone_verifications.append(call)
    return []


def confirm(
    ticket: Ticket,
    id: str,
    by: str,
    now: datetime,
    within: timedelta = CONFIRM_WITHIN,
    feedback_wait: timedelta = FEEDBACK_WAIT,
) -> list[Event]:
    """Raises NotFound, SecondPersonRequired, RoundEnded, TooLateToConfirm."""
    call = next((one for one in ticket.phone_verifications if one.id == id), None)
    if call is None:
        raise NotFound(f"there is no call {id}", f"没有编号为 {id} 的通话记录")
    if call.recorded_by == by:
        raise SecondPersonRequired("who wrote it down cannot confirm it", "记录人不能确认自己的通话记录")
    if call.round != ticket.round or ticket.stage is not Stage.CUSTOMER_VERIFICATION:
        raise RoundEnded(
            f"the call was about round {call.round}, which is over", f"该通话记录对应第 {call.round} 轮，该轮已结束"
        )
    if now > call.recorded_at + within:
        hours = within // timedelta(hours=1)
        raise TooLateToConfirm(
            f"a call is confirmed within {hours} hours; please ask the customer again",
            f"通话记录须在 {hours} 小时内确认，请重新联系客户",
        )
    call.confirmed_by, call.confirmed_at = by, now
    return review_solution(ticket, call.accepted, call.words, now, call.recorded_by, by, feedback_wait)

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


class PhoneVerificationNotFound(NotFound):
    title = Text("Phone verification not found", "未找到电话验证记录")


class SecondPersonRequired(Forbidden):
    title = Text("Someone else has to confirm the call", "须由另一名工作人员确认")


class RoundEnded(Conflict):
    title = Text("The round has ended", "该轮处理已结束")


class TooLateToConfirm(Conflict):
    title = Text("The call can no longer be confirmed", "电话验证记录已超过确认时限")


def record(ticket: Ticket, call: PhoneVerification) -> list[Event]:
    """Nothing follows from it until it is confirmed. Raises WrongState, Invalid, LimitReached."""
    require_review(ticket)
    if call.called_at > call.recorded_at + CLOCK_TOLERANCE:
        raise Invalid("`called_at` must not be in the future", "`called_at` 不得晚于当前时间", "body.called_at")
    calls = [*ticket.phone_verifications, call]
    if len(calls) > MAX_CALLS or total_size(calls) > CALLS_BYTES:
        raise LimitReached(f"{ticket.id} cannot have more phone verifications", f"{ticket.id} 的电话验证记录数已达上限")
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
    """Raises PhoneVerificationNotFound, SecondPersonRequired, RoundEnded, TooLateToConfirm."""
    call = next((one for one in ticket.phone_verifications if one.id == id), None)
    if call is None:
        raise PhoneVerificationNotFound(
            f"{ticket.id} has no phone verification {id}", f"{ticket.id} 没有电话验证记录 {id}"
        )
    if call.recorded_by == by:
        raise SecondPersonRequired(
            "You recorded the call and cannot confirm it yourself", "不能确认自己登记的电话验证记录"
        )
    if call.round != ticket.round or ticket.stage is not Stage.CUSTOMER_VERIFICATION:
        raise RoundEnded(
            f"The call was about round {call.round}, which has ended",
            f"该通话针对第 {call.round} 轮解决方案，该轮已结束",
        )
    if now > call.recorded_at + within:
        hours = within // timedelta(hours=1)
        raise TooLateToConfirm(
            f"A call has to be confirmed within {hours} hours; please call the customer again",
            f"电话验证记录须在 {hours} 小时内确认，请重新致电客户",
        )
    call.confirmed_by, call.confirmed_at = by, now
    return review_solution(ticket, call.accepted, call.words, now, call.recorded_by, by, feedback_wait)

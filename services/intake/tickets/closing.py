"""How a ticket is closed (P5): rating, call-back, second service plan, completion, or in another way than solved; and
how it is reopened."""

from datetime import datetime, timedelta

from services.intake.tickets.domain import Ticket, WrongState
from services.intake.tickets.linking import link
from services.intake.tickets.rating import remind_to_rate, wait_for_rating
from services.intake.tickets.sizes import CLOSINGS_BYTES, TRUNCATED, fit_for_bus, truncated, with_oldest_truncated
from services.intake.tickets.values import CallBack, Closing
from shared.domain import Invalid
from shared.events import (
    Event,
    LinkReason,
    RelationKind,
    TicketCalledBack,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketLink,
    TicketPlanAgreed,
    TicketPlanCarriedOut,
    TicketPlanOverdue,
    TicketRelated,
    TicketReopened,
)
from shared.terms import Outcome, Satisfaction, Stage, Text

REOPEN_WITHIN = timedelta(days=14)
PLAN_WITHIN = timedelta(days=7)
LEAD_TOLD_AFTER = timedelta(days=1)  # a plan's owner was reminded
RATED_AGAIN_WITHIN = timedelta(days=5)
MAX_CLOSINGS = 20  # that a ticket keeps
MAX_NAMED = 1_000  # messages of another ticket
REASON_BYTES = 1_000  # of a reason beside a relation


class MovedOn(Exception):
    """What is written on a merged ticket belongs on the one that it was merged into."""

    def __init__(self, into: str) -> None:
        super().__init__(into)
        self.into = into


class TooLateToReopen(WrongState):
    title = Text("The ticket can no longer be reopened", "工单已超过重新打开的期限")


def require_here(ticket: Ticket) -> None:
    """Raises MovedOn."""
    if ticket.merged_into:
        raise MovedOn(ticket.merged_into)


def require_unrated(ticket: Ticket) -> None:
    """Raises WrongState."""
    ticket.require_stage(Stage.FEEDBACK, "feedback cannot be given", "不能评价")
    if ticket.satisfaction is not None and not ticket.rates_again:
        raise WrongState(f"Feedback on {ticket.id} has already been given", f"{ticket.id} 已评价")


def rate(ticket: Ticket, satisfaction: Satisfaction, comment: str, now: datetime) -> list[Event]:
    """Who is dissatisfied, also with what came of the second plan, is called back, and a plan is agreed (anew)."""
    require_unrated(ticket)
    ticket.satisfaction, ticket.feedback_comment = satisfaction, comment
    given = TicketFeedbackGiven(subject=ticket.id, time=now, satisfaction=satisfaction, comment=comment)
    if satisfaction is Satisfaction.DISSATISFIED:
        if ticket.rates_again:
            _forget_plan(ticket)
        ticket.due_at = None
        return [given]
    ticket.rates_again = False
    return [given, *_complete(ticket, "feedback_given", now)]


def record_call_back(
    ticket: Ticket, cause: str, notes: str, by: str, now: datetime, listed_cause: str = ""
) -> list[Event]:
    """`listed_cause` is the id of the cause in the desk's list, if it is one of those."""
    if ticket.satisfaction is not Satisfaction.DISSATISFIED or ticket.stage is not Stage.FEEDBACK:
        raise WrongState("A call-back is only for dissatisfied customers", "仅对不满意的客户进行回访")
    if ticket.call_back:
        raise WrongState(f"{ticket.id} already has a call-back", f"{ticket.id} 已有回访记录")
    ticket.call_back = CallBack(cause=cause, listed_cause=listed_cause, notes=notes, by=by, at=now)
    return [
        TicketCalledBack(
            subject=ticket.id, time=now, cause_of_dissatisfaction=cause, listed_cause=listed_cause, notes=notes
        )
    ]


def agree_second_plan(
    ticket: Ticket, plan: str, owner: str, now: datetime, due_at: datetime | None = None
) -> list[Event]:
    """`owner` sees to it, until `due_at` (a week, unless it is said). Raises WrongState, Invalid."""
    if not ticket.call_back or ticket.stage is not Stage.FEEDBACK:
        raise WrongState("Call the customer back first", "请先回访客户")
    if ticket.second_plan:
        raise WrongState(f"{ticket.id} already has a second service plan", f"{ticket.id} 已有二次服务计划")
    due_at = due_at or now + PLAN_WITHIN
    if due_at <= now:
        raise Invalid("`due_at` must be in the future", "`due_at` 必须晚于当前时间", "body.due_at")
    ticket.second_plan, ticket.second_plan_owner, ticket.second_plan_due_at = plan, owner, due_at
    ticket.plan_reminders, ticket.due_at = 0, due_at
    return [TicketPlanAgreed(subject=ticket.id, time=now, plan=plan, owner=owner, due_at=due_at)]


def carry_out_second_plan(
    ticket: Ticket, result: str, now: datetime, feedback_wait: timedelta = RATED_AGAIN_WITHIN
) -> list[Event]:
    """The customer is asked again; who says nothing stays dissatisfied on record. Raises WrongState."""
    if not ticket.second_plan or ticket.stage is not Stage.FEEDBACK:
        raise WrongState(f"{ticket.id} has no second service plan", f"{ticket.id} 没有二次服务计划")
    if ticket.second_plan_result:
        raise WrongState(f"The plan of {ticket.id} has been carried out already", f"{ticket.id} 的二次服务计划已执行")
    ticket.second_plan_result, ticket.rates_again = result, True
    wait_for_rating(ticket, now, feedback_wait)
    return [TicketPlanCarriedOut(subject=ticket.id, time=now, result=result, round=ticket.round)]


def remind_of_plan(ticket: Ticket, now: datetime) -> list[Event]:
    """It is overdue: its owner is reminded when it becomes so, and a lead is told a day later."""
    ticket.plan_reminders += 1
    ticket.due_at = now + LEAD_TOLD_AFTER if ticket.plan_reminders == 1 else None
    return [
        TicketPlanOverdue(
            subject=ticket.id,
            time=now,
            plan=truncated(ticket.second_plan, REASON_BYTES, TRUNCATED),
            owner=ticket.second_plan_owner,
            due_at=ticket.second_plan_due_at or now,
            reminder=ticket.plan_reminders,
        )
    ]


def complete(ticket: Ticket, now: datetime) -> list[Event]:
    """A lead ends the wait for feedback."""
    ticket.require_stage(Stage.FEEDBACK, "it cannot be completed", "不能标记为已完成")
    if ticket.satisfaction is Satisfaction.DISSATISFIED and not ticket.rates_again:
        raise WrongState(
            "The customer is dissatisfied; a call-back and a second service plan come first",
            "客户不满意，请先回访并执行二次服务计划",
        )
    return _complete(ticket, "completed", now)


def close(ticket: Ticket, outcome: Outcome, reason: str, duplicate_of: str, now: datetime) -> list[Event]:
    """Without a solution. Raises WrongState, Invalid."""
    if outcome == Outcome.SOLVED:
        raise Invalid("A ticket is solved when its customer says so", "工单须经客户确认后才算已解决", "body.outcome")
    ticket.require_open("it cannot be closed again", "不能再次关闭")
    if ticket.resolved_at:
        raise WrongState(
            f"{ticket.id} is solved; it is completed with the customer's feedback",
            f"{ticket.id} 已解决，将在客户评价后完成",
        )
    if (outcome == Outcome.DUPLICATE) != bool(duplicate_of):
        raise Invalid(
            "`duplicate_of` names the other ticket of a duplicate, and of nothing else",
            "`duplicate_of` 仅用于重复工单，且必须填写另一工单的编号",
            "body.duplicate_of",
        )
    if duplicate_of == ticket.id:
        raise Invalid("A ticket is no duplicate of itself", "工单不能是其自身的重复工单", "body.duplicate_of")
    ticket.outcome, ticket.outcome_reason, ticket.duplicate_of = outcome, reason, duplicate_of
    doubles = [TicketLink(ticket=duplicate_of, reasons=[LinkReason.DUPLICATE])] if duplicate_of else []
    return [*link(ticket, doubles, now), *_related(ticket, reason, now), *_complete(ticket, "closed", now)]


def feedback_timed_out(ticket: Ticket, now: datetime) -> list[Event]:
    if ticket.due_at is None or now < ticket.due_at:
        return []
    ticket.due_at = None
    if ticket.stage is not Stage.FEEDBACK or (ticket.satisfaction is not None and not ticket.rates_again):
        return []
    if ticket.rated_until and now < ticket.rated_until:
        return remind_to_rate(ticket, now)
    return _complete(ticket, "feedback_ran_out", now)


def reopen(ticket: Ticket, reason: str, now: datetime, within: timedelta = REOPEN_WITHIN) -> list[Event]:
    """What was said about this closing stays on record; the next round begins with nothing said.

    Raises WrongState, TooLateToReopen, LimitReached.
    """
    if ticket.completed_at is None:
        raise WrongState("Only completed tickets can be reopened", "只有已完成的工单才能重新打开")
    if ticket.merged_into:
        raise WrongState(
            f"{ticket.id} was merged into {ticket.merged_into}; undo that instead",
            f"{ticket.id} 已合并到 {ticket.merged_into}，请改为撤销合并",
        )
    if ticket.external and ticket.external.is_history:
        raise TooLateToReopen(
            f"{ticket.id} was completed on another desk; please open a new ticket",
            f"{ticket.id} 已在原系统完成，请提交新工单",
        )
    if now > ticket.completed_at + within:
        raise TooLateToReopen(
            f"Tickets can be reopened within {within.days} days of completion; please open a new ticket",
            f"工单只能在完成后 {within.days} 天内重新打开，请提交新工单",
        )
    ticket.require_another_round()
    closing = Closing(**{name: getattr(ticket, name) for name in Closing.model_fields})
    ticket.earlier = with_oldest_truncated([*ticket.earlier, closing][-MAX_CLOSINGS:], CLOSINGS_BYTES)
    ticket.round += 1
    ticket.resolved_at = ticket.satisfaction = None
    ticket.feedback_comment = ""
    _forget_plan(ticket)
    return _open_again(ticket, reason, now)


def undo_merge(ticket: Ticket, reason: str, now: datetime) -> list[Event]:
    """Open again as if it had never been closed: the round goes on, and nothing of it is said to have ended."""
    ticket.merged_into = ""
    return _open_again(ticket, reason, now, undone=True)


def name_messages(ticket: Ticket, other: str, messages: list[str]) -> list[Event]:
    """Those of the other ticket that were written on this one."""
    last = next((at for at in reversed(range(len(ticket.merges))) if ticket.merges[at].into == other), None)
    if last is None:
        return []
    known = ticket.merges[last].messages
    earlier = {name for one in ticket.merges[:last] if one.into == other for name in one.messages}
    new = [name for name in messages if name not in known and name not in earlier]
    if new:
        named = [*known, *new][:MAX_NAMED]
        ticket.merges[last] = ticket.merges[last].model_copy(update={"messages": named})
    return []


def _forget_plan(ticket: Ticket) -> None:
    """The timeline has it."""
    ticket.call_back = ticket.second_plan_due_at = None
    ticket.second_plan = ticket.second_plan_owner = ticket.second_plan_result = ""
    ticket.rates_again, ticket.plan_reminders = False, 0


def _related(ticket: Ticket, reason: str, now: datetime, removed: bool = False) -> list[Event]:
    """Of a duplicate."""
    if not ticket.duplicate_of:
        return []
    to, what = ticket.duplicate_of, RelationKind.DUPLICATE_OF
    said = truncated(reason, REASON_BYTES, TRUNCATED)
    return [TicketRelated(subject=ticket.id, time=now, relation=what, to=to, reason=said, removed=removed)]


def _complete(ticket: Ticket, why: str, now: datetime) -> list[Event]:
    ticket.completed_at, ticket.due_at = now, None
    ticket.outcome = ticket.outcome or Outcome.SOLVED
    completed = TicketCompleted(
        subject=ticket.id,
        time=now,
        problem=ticket.problem,
        customer=ticket.customer,
        customer_name=ticket.customer_name,
        company=ticket.company,
        category=ticket.category,
        priority=ticket.priority,
        assignee=ticket.assignee,
        rounds=ticket.rounds,
        fingerprints=ticket.fingerprints,
        satisfaction=ticket.satisfaction,
        feedback_comment=ticket.feedback_comment,
        cause_of_dissatisfaction=ticket.call_back.cause if ticket.call_back else "",
        second_plan=ticket.second_plan,
        opened_at=ticket.opened_at,
        resolved_at=ticket.resolved_at,
        outcome=ticket.outcome,
        reason=ticket.outcome_reason,
        duplicate_of=ticket.duplicate_of,
    )
    return [fit_for_bus(completed), *ticket.update_stage(why, now)]


def _open_again(ticket: Ticket, reason: str, now: datetime, undone: bool = False) -> list[Event]:
    related = _related(ticket, reason, now, removed=True)
    ticket.completed_at = None
    ticket.outcome, ticket.outcome_reason, ticket.duplicate_of = None, "", ""
    reopened = TicketReopened(
        subject=ticket.id,
        time=now,
        reason=reason,
        round=ticket.round,
        assignee=ticket.assignee,
        opened_at=ticket.opened_at,
        undone=undone,
    )
    return [reopened, *related, *ticket.update_stage("unmerged" if undone else "reopened", now)]

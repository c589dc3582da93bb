"""How a ticket ends, and begins again."""

from datetime import timedelta

import pytest

from services.intake.tickets import closing, facts
from services.intake.tickets.closing import REOPEN_WITHIN, TooLateToReopen
from services.intake.tickets.domain import WrongState
from services.intake.verification import domain as verification
from services.intake.verification.domain import FEEDBACK_WAIT
from shared.domain import Invalid
from shared.events import TicketCompleted, TicketLinkRequested, TicketPlanAgreed, TicketStageChanged
from shared.terms import Satisfaction, Stage, Status
from shared.testing import NOON
from tests.intake.samples import at, kinds, verified


def test_a_satisfied_customer_completes_the_ticket() -> None:
    ticket = at(Stage.FEEDBACK)
    events = closing.rate(ticket, Satisfaction.SATISFIED, "", NOON)
    assert kinds(events) == ["ticket.feedback_given", "ticket.completed", "ticket.stage_changed"]
    assert ticket.status is Status.COMPLETED


def test_a_dissatisfied_customer_is_called_back_and_gets_a_second_plan_before_completion() -> None:
    ticket = at(Stage.FEEDBACK, Satisfaction.DISSATISFIED)
    assert ticket.stage is Stage.FEEDBACK
    with pytest.raises(WrongState):
        closing.complete(ticket, NOON)
    with pytest.raises(WrongState):
        closing.agree_second_plan(ticket, "每周回访", "a-lin", NOON)
    closing.record_call_back(ticket, "沟通慢", "", "a-lin", NOON)
    closing.agree_second_plan(ticket, "每周回访", "a-lin", NOON)
    assert kinds(closing.carry_out_second_plan(ticket, "已回访", NOON)) == ["ticket.plan_carried_out"]
    assert ticket.stage is Stage.FEEDBACK
    _, completed, moved = closing.rate(ticket, Satisfaction.NEUTRAL, "好些了", NOON)
    assert isinstance(completed, TicketCompleted)
    assert isinstance(moved, TicketStageChanged)
    assert (completed.cause_of_dissatisfaction, completed.second_plan) == ("沟通慢", "每周回访")


def test_who_is_dissatisfied_again_is_called_back_again() -> None:
    ticket = at(Stage.FEEDBACK, Satisfaction.DISSATISFIED)
    closing.record_call_back(ticket, "沟通慢", "", "a-lin", NOON)
    [agreed] = closing.agree_second_plan(ticket, "每周回访", "a-lin", NOON)
    assert isinstance(agreed, TicketPlanAgreed)
    assert (agreed.owner, agreed.due_at) == ("a-lin", NOON + closing.PLAN_WITHIN)
    closing.carry_out_second_plan(ticket, "已回访", NOON)
    with pytest.raises(WrongState):
        closing.carry_out_second_plan(ticket, "又已回访", NOON)
    closing.rate(ticket, Satisfaction.DISSATISFIED, "还是慢", NOON)
    assert (ticket.call_back, ticket.second_plan, ticket.due_at, ticket.stage) == (None, "", None, Stage.FEEDBACK)
    with pytest.raises(WrongState):
        closing.complete(ticket, NOON)
    with pytest.raises(WrongState):
        closing.agree_second_plan(ticket, "每天回访", "l-qian", NOON)
    closing.record_call_back(ticket, "仍然慢", "", "a-lin", NOON)
    with pytest.raises(Invalid):
        closing.agree_second_plan(ticket, "每天回访", "l-qian", NOON, NOON)
    closing.agree_second_plan(ticket, "每天回访", "l-qian", NOON, NOON + timedelta(days=1))
    assert ticket.second_plan_owner == "l-qian"


def test_silence_after_the_second_plan_ends_the_wait_and_stays_what_was_said() -> None:
    ticket = at(Stage.FEEDBACK, Satisfaction.DISSATISFIED)
    closing.record_call_back(ticket, "沟通慢", "", "a-lin", NOON)
    closing.agree_second_plan(ticket, "每周回访", "a-lin", NOON)
    assert closing.feedback_timed_out(ticket, NOON + 99 * FEEDBACK_WAIT) == []
    closing.carry_out_second_plan(ticket, "已回访", NOON, FEEDBACK_WAIT)
    completed, moved = closing.feedback_timed_out(ticket, NOON + FEEDBACK_WAIT)
    assert isinstance(completed, TicketCompleted)
    assert isinstance(moved, TicketStageChanged)
    assert (completed.satisfaction, moved.why) == (Satisfaction.DISSATISFIED, "feedback_ran_out")


def test_feedback_that_never_comes_does_not_hold_the_ticket() -> None:
    ticket = at(Stage.FEEDBACK)
    closing.feedback_timed_out(ticket, NOON + FEEDBACK_WAIT / 2)
    assert closing.feedback_timed_out(ticket, NOON + FEEDBACK_WAIT - timedelta(seconds=1)) == []
    completed, moved = closing.feedback_timed_out(ticket, NOON + FEEDBACK_WAIT)
    assert isinstance(completed, TicketCompleted)
    assert isinstance(moved, TicketStageChanged)
    assert moved.why == "feedback_ran_out"
    assert ticket.due_at is None


def test_who_has_not_rated_is_reminded_once_when_half_of_the_time_is_over() -> None:
    ticket = at(Stage.FEEDBACK)
    half = NOON + FEEDBACK_WAIT / 2
    assert closing.feedback_timed_out(ticket, half - timedelta(seconds=1)) == []
    [reminder] = closing.feedback_timed_out(ticket, half)
    assert isinstance(reminder, TicketLinkRequested)
    assert (reminder.action, reminder.round, reminder.to) == ("give_feedback", ticket.round, ticket.contact.email)
    assert (ticket.due_at, ticket.stage) == (NOON + FEEDBACK_WAIT, Stage.FEEDBACK)
    assert closing.feedback_timed_out(ticket, half) == []


def test_of_a_desk_that_was_away_nobody_is_reminded_too_late() -> None:
    ticket = at(Stage.FEEDBACK)
    assert kinds(closing.feedback_timed_out(ticket, NOON + FEEDBACK_WAIT)) == [
        "ticket.completed",
        "ticket.stage_changed",
    ]


def test_a_completed_ticket_is_reopened_within_its_window_only() -> None:
    ticket = at(Stage.ARCHIVED)
    with pytest.raises(TooLateToReopen):
        closing.reopen(ticket, "又出现了", NOON + REOPEN_WITHIN + timedelta(seconds=1))
    events = closing.reopen(ticket, "又出现了", NOON + REOPEN_WITHIN)
    assert kinds(events) == ["ticket.reopened", "ticket.stage_changed"]
    assert (ticket.stage, ticket.round, ticket.satisfaction) == (Stage.HANDLING, 2, None)


def test_what_was_said_of_each_end_stays_on_record_and_each_bad_rating_is_called_back() -> None:
    ticket = at(Stage.FEEDBACK, Satisfaction.DISSATISFIED)
    for round, cause in ((1, "沟通慢"), (2, "又崩溃")):
        closing.record_call_back(ticket, cause, "电话", "a-lin", NOON)
        closing.agree_second_plan(ticket, "每周回访", "a-lin", NOON)
        closing.carry_out_second_plan(ticket, "已回访", NOON)
        closing.complete(ticket, NOON)
        closing.reopen(ticket, "又出现了", NOON)
        facts.hear(ticket, verified(round + 1, revision=10 * round))
        verification.review_solution(ticket, True, "", NOON)
        closing.rate(ticket, Satisfaction.DISSATISFIED, "还是不行", NOON)
    assert [one.round for one in ticket.earlier] == [1, 2]
    assert [one.call_back.cause for one in ticket.earlier if one.call_back] == ["沟通慢", "又崩溃"]
    assert ticket.call_back is None


def test_what_is_remembered_of_the_ends_is_bounded() -> None:
    ticket = at(Stage.ARCHIVED)
    for n in range(closing.MAX_CLOSINGS + 5):
        closing.reopen(ticket, "又出现了", NOON)
        facts.hear(ticket, verified(ticket.round, revision=10 + n))
        verification.review_solution(ticket, True, "", NOON)
        closing.complete(ticket, NOON)
    assert [one.round for one in ticket.earlier] == list(range(6, closing.MAX_CLOSINGS + 6))

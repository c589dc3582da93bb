"""A ticket's own moves: opening, questions, the customer's word, the end."""

from datetime import timedelta

import pytest

from services.intake.attachments.domain import attach
from services.intake.consents import domain as consents
from services.intake.conversation import domain as conversation
from services.intake.conversation.domain import NoOpenQuestions
from services.intake.tickets import closing, facts
from services.intake.tickets.closing import REOPEN_WITHIN, TooLateToReopen
from services.intake.tickets.domain import WrongState
from services.intake.tickets.values import Attachment, Consent
from services.intake.verification import domain as verification
from services.intake.verification.domain import FEEDBACK_WAIT
from shared.domain import Forbidden, Invalid
from shared.events import TicketAmended, TicketCompleted, TicketMessagePosted, TicketOpened, TicketStageChanged
from shared.terms import Channel, Satisfaction, Stage, Status, WaitingFor
from shared.testing import NOON
from tests.intake.samples import COMPLETE, LIN, WANG, at, kinds, opened, verified

LOG = Attachment(id="a", name="app.log", size=1, media_type="text/plain", sha256="0", added_by="u-wang", at=NOON)


def test_a_new_ticket_is_pending_and_asks_for_what_is_missing() -> None:
    ticket, events = opened()
    assert ticket.status is Status.PENDING
    assert [question.field for question in ticket.questions] == ["error_text", "module", "steps"]
    assert ticket.waiting_for is WaitingFor.CUSTOMER_INFORMATION
    opening = events[0]
    assert isinstance(opening, TicketOpened)
    assert (opening.questions, opening.waiting_for) == (ticket.questions, ticket.waiting_for)
    assert kinds(events) == ["ticket.opened", "ticket.questions_asked"]


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        (Stage.INTAKE, Status.PENDING),
        (Stage.DIAGNOSIS, Status.PENDING),
        (Stage.HANDLING, Status.IN_PROGRESS),
        (Stage.CUSTOMER_VERIFICATION, Status.IN_PROGRESS),
        (Stage.FEEDBACK, Status.IN_PROGRESS),
        (Stage.ARCHIVED, Status.COMPLETED),
    ],
)
def test_the_status_follows_from_the_stage(stage: Stage, status: Status) -> None:
    assert at(stage).status is status


# ---- what is asked, said and known


def test_answers_become_facts_and_part_of_the_conversation_and_end_the_wait() -> None:
    ticket, _ = opened()
    events = conversation.answer(ticket, {"module": "报表"}, WANG, NOON)
    assert ticket.problem.module == "报表"
    assert "报表" in ticket.messages[-1].text
    assert [question.field for question in ticket.questions] == ["error_text", "steps"]
    assert kinds(events) == ["ticket.questions_answered", "ticket.message_posted", "ticket.resumed"]
    assert ticket.waiting_for is WaitingFor.NONE


def test_an_answer_that_nobody_asked_for_is_refused() -> None:
    ticket, _ = opened()
    with pytest.raises(Invalid):
        conversation.answer(ticket, {"title": "x"}, WANG, NOON)


def test_answers_need_questions() -> None:
    ticket, _ = opened(**COMPLETE)
    with pytest.raises(NoOpenQuestions):
        conversation.answer(ticket, {"module": "x"}, WANG, NOON)


def test_amending_tells_what_changed_and_nothing_when_nothing_did() -> None:
    ticket, _ = opened()
    [amended] = ticket.amend({"title": ticket.problem.title, "product": "报表中心"}, True, NOON)
    assert isinstance(amended, TicketAmended)
    assert (amended.changed, amended.problem.product) == (["product"], "报表中心")
    assert ticket.amend({"product": "报表中心"}, True, NOON) == []


def test_a_customer_who_fills_in_what_was_asked_for_is_not_waited_for() -> None:
    ticket, _ = opened()
    assert kinds(ticket.amend({"product": "报表中心"}, False, NOON)) == ["ticket.amended"]
    assert kinds(ticket.amend({"module": "报表"}, False, NOON)) == ["ticket.amended", "ticket.resumed"]
    assert [question.field for question in ticket.questions] == ["error_text", "steps"]


def test_staff_who_fill_in_all_that_was_asked_for_end_the_wait() -> None:
    ticket, _ = opened()
    assert kinds(ticket.amend({"module": "报表"}, True, NOON)) == ["ticket.amended"]
    assert kinds(ticket.amend({"steps": "导出", "error_text": "NPE"}, True, NOON))[-1] == "ticket.resumed"
    assert (ticket.waiting_for, ticket.questions) == (WaitingFor.NONE, [])


def test_the_log_that_was_asked_for_ends_the_wait_and_a_file_of_staff_does_not() -> None:
    ticket, _ = opened()
    assert kinds(attach(ticket, LOG.model_copy(update={"id": "b"}), True, NOON)) == ["ticket.attachment_added"]
    assert kinds(attach(ticket, LOG, False, NOON)) == ["ticket.attachment_added", "ticket.resumed"]


def test_the_same_attachment_is_added_once() -> None:
    ticket = at(Stage.HANDLING)
    assert attach(ticket, LOG, False, NOON)
    assert attach(ticket, LOG, False, NOON) == []


def test_a_note_stays_inside_and_its_text_off_the_bus() -> None:
    ticket = at(Stage.HANDLING)
    [posted] = conversation.post(ticket, "许可证过期了", LIN, True, Channel.ONLINE, NOON)
    assert isinstance(posted, TicketMessagePosted)
    assert (posted.text, posted.internal, ticket.messages[-1].text) == ("", True, "许可证过期了")
    with pytest.raises(Forbidden):
        conversation.post(ticket, "x", WANG, True, Channel.ONLINE, NOON)


def test_a_consent_is_revoked_once() -> None:
    ticket = at(Stage.HANDLING)
    consent = Consent(id="c1", scope="remote", given_by="王敏", recorded_by="u-wang", words="同意", at=NOON)
    consents.give(ticket, consent, NOON)
    assert len(consents.revoke(ticket, "c1", NOON)) == 1
    assert consents.revoke(ticket, "c1", NOON) == []
    with pytest.raises(Invalid):
        consents.revoke(ticket, "c2", NOON)


# ---- the customer's word on a solution


def test_the_customers_no_begins_another_round_that_stays_on_record() -> None:
    ticket = at(Stage.CUSTOMER_VERIFICATION)
    events = verification.review_solution(ticket, False, "大文件仍然崩溃", NOON)
    assert (ticket.stage, ticket.round) == (Stage.HANDLING, 2)
    assert kinds(events) == ["ticket.solution_rejected", "ticket.stage_changed", "ticket.resumed"]
    facts.hear(ticket, verified(2, revision=9))
    verification.review_solution(ticket, True, "", NOON)
    assert [(r.round, r.accepted) for r in ticket.rounds] == [(1, False), (2, True)]


def test_a_no_must_say_why() -> None:
    with pytest.raises(Invalid):
        verification.review_solution(at(Stage.CUSTOMER_VERIFICATION), False, "", NOON)


@pytest.mark.parametrize("stage", [Stage.INTAKE, Stage.HANDLING, Stage.ARCHIVED])
def test_only_what_waits_for_the_customers_word_can_be_judged_or_rated(stage: Stage) -> None:
    with pytest.raises(WrongState):
        verification.review_solution(at(stage), True, "", NOON)
    with pytest.raises(WrongState):
        closing.rate(at(stage), Satisfaction.SATISFIED, "", NOON)


# ---- the end, and a new beginning


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
        closing.agree_second_plan(ticket, "每周回访", NOON)
    closing.record_call_back(ticket, "沟通慢", "", "a-lin", NOON)
    closing.agree_second_plan(ticket, "每周回访", NOON)
    _, completed, moved = closing.carry_out_second_plan(ticket, "已回访", NOON)
    assert isinstance(completed, TicketCompleted)
    assert isinstance(moved, TicketStageChanged)
    assert (completed.cause_of_dissatisfaction, completed.second_plan) == ("沟通慢", "每周回访")


def test_feedback_that_never_comes_does_not_hold_the_ticket() -> None:
    ticket = at(Stage.FEEDBACK)
    assert closing.feedback_timed_out(ticket, NOON + FEEDBACK_WAIT - timedelta(seconds=1)) == []
    completed, moved = closing.feedback_timed_out(ticket, NOON + FEEDBACK_WAIT)
    assert isinstance(completed, TicketCompleted)
    assert isinstance(moved, TicketStageChanged)
    assert moved.why == "feedback_ran_out"
    assert ticket.due_at is None


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
        closing.agree_second_plan(ticket, "每周回访", NOON)
        closing.carry_out_second_plan(ticket, "已回访", NOON)
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


# ---- who writes on a completed ticket


def test_a_customers_message_reopens_a_completed_ticket_in_the_same_write() -> None:
    ticket = at(Stage.ARCHIVED)
    events = conversation.post(ticket, "又崩溃了", WANG, False, Channel.ONLINE, NOON)
    assert kinds(events) == ["ticket.message_posted", "ticket.reopened", "ticket.stage_changed"]
    assert (ticket.stage, ticket.round, ticket.messages[-1].text) == (Stage.HANDLING, 2, "又崩溃了")


def test_a_customers_message_that_comes_too_late_is_not_swallowed() -> None:
    ticket = at(Stage.ARCHIVED)
    with pytest.raises(TooLateToReopen):
        conversation.post(ticket, "又崩溃了", WANG, False, Channel.ONLINE, NOON + REOPEN_WITHIN + timedelta(1))


def test_staff_write_on_a_completed_ticket_without_reopening_it() -> None:
    ticket = at(Stage.ARCHIVED)
    assert kinds(conversation.post(ticket, "归档备注", LIN, True, Channel.ONLINE, NOON)) == ["ticket.message_posted"]
    assert ticket.stage is Stage.ARCHIVED


def test_a_message_while_the_rating_is_waited_for_moves_nothing() -> None:
    ticket = at(Stage.FEEDBACK)
    assert kinds(conversation.post(ticket, "谢谢", WANG, False, Channel.ONLINE, NOON)) == ["ticket.message_posted"]


def test_files_and_answers_that_nobody_would_see_are_refused() -> None:
    ticket = at(Stage.ARCHIVED)
    with pytest.raises(WrongState):
        attach(ticket, LOG, False, NOON)
    with pytest.raises(WrongState):
        conversation.answer(ticket, {"module": "报表"}, WANG, NOON)

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.intake.domain import FEEDBACK_WAIT, REOPEN_WINDOW, Full, IllegalMove, NothingAsked, Ticket
from services.intake.parts import Attachment, Consent
from shared.domain import Forbidden, Invalid, TooEarly
from shared.events import (
    Contact,
    Event,
    Problem,
    TicketCompleted,
    TicketFeedbackGiven,
    TicketOpened,
    TicketQuestionsAnswered,
    TicketResumed,
    TicketSolutionRejected,
    TriageAssigned,
    TriageDiagnosed,
    TriageSolutionVerified,
    TriageThirdPartyEngaged,
)
from shared.terms import Category, Channel, Priority, Satisfaction, Stage, Status, WaitingFor
from shared.testing import NOON

NUMBER = "TK-2026-000001"


def opened(title: str = "V3.2 在 Win11 上导出 Excel 时崩溃", **known: Any) -> tuple[Ticket, list[Event]]:
    problem = Problem(title=title, description=title, **known)
    contact = Contact(name="王敏", sub="u-wang")
    return Ticket.open(NUMBER, problem, "华东", "华东", contact, Channel.ONLINE, "channel:online", [], NOON)


def diagnosed() -> TriageDiagnosed:
    return TriageDiagnosed(
        subject=NUMBER,
        time=NOON,
        category=Category.FUNCTION,
        priority=Priority.HIGH,
        queue="function",
        reasons=[],
        confirmed=True,
    )


def assigned() -> TriageAssigned:
    return TriageAssigned(subject=NUMBER, time=NOON, engineer="e-liu", engineer_name="刘洋", senior=True, by="e-liu")


def verified(round: int = 1) -> TriageSolutionVerified:
    return TriageSolutionVerified(
        subject=NUMBER, time=NOON, actor="e-liu", round=round, solution="补丁", steps="导出", result="通过"
    )


def at(stage: Stage, satisfaction: Satisfaction | None = None) -> Ticket:
    """A ticket that came to this stage by the moves that lead there."""
    ticket, _ = opened()
    moves: list[tuple[Stage, Callable[[], object]]] = [
        (Stage.DIAGNOSIS, lambda: ticket.diagnosed(diagnosed())),
        (Stage.HANDLING, lambda: ticket.assigned(assigned())),
        (Stage.CUSTOMER_VERIFICATION, lambda: ticket.verified(verified())),
        (Stage.FEEDBACK, lambda: ticket.judge(True, "", NOON)),
        (Stage.ARCHIVED, lambda: ticket.complete(NOON)),
    ]
    for reached, move in moves:
        if ticket.stage is stage:
            break
        move()
        assert ticket.stage is reached
    if satisfaction:
        ticket.rate(satisfaction, "", NOON)
    return ticket


def test_a_new_ticket_is_pending_and_asks_for_what_is_missing() -> None:
    ticket, events = opened()
    assert ticket.status is Status.PENDING
    assert type(events[0]) is TicketOpened
    assert [question.field for question in ticket.questions] == ["error_text", "module", "steps"]
    assert ticket.waiting_for is WaitingFor.CUSTOMER_INFORMATION
    opening = events[0]
    assert isinstance(opening, TicketOpened)
    assert (opening.questions, opening.waiting_for) == (ticket.questions, ticket.waiting_for)
    assert [event.kind for event in events] == ["ticket.opened", "ticket.questions_asked"]


def test_answers_become_facts_and_part_of_the_conversation_and_end_the_wait() -> None:
    ticket, _ = opened()
    events = ticket.answer({"module": "报表"}, "u-wang", "王敏", False, NOON)
    assert ticket.problem.module == "报表"
    assert "报表" in ticket.messages[-1].text
    assert [question.field for question in ticket.questions] == ["error_text", "steps"]
    assert [type(event) for event in events] == [TicketQuestionsAnswered, type(events[1]), TicketResumed]
    assert ticket.waiting_for is WaitingFor.NONE


def test_an_answer_that_nobody_asked_for_is_refused() -> None:
    ticket, _ = opened()
    with pytest.raises(Invalid):
        ticket.answer({"title": "x"}, "u-wang", "王敏", False, NOON)


def test_answers_need_questions() -> None:
    ticket, _ = opened(error_text="NPE", module="报表", steps="点导出")
    with pytest.raises(NothingAsked):
        ticket.answer({"module": "x"}, "u-wang", "王敏", False, NOON)


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


def test_the_customers_no_begins_another_round_that_stays_on_record() -> None:
    ticket = at(Stage.CUSTOMER_VERIFICATION)
    events = ticket.judge(False, "大文件仍然崩溃", NOON)
    assert (ticket.stage, ticket.round) == (Stage.HANDLING, 2)
    assert isinstance(events[-1], TicketSolutionRejected)
    ticket.verified(verified(2))
    ticket.judge(True, "", NOON)
    assert [(r.round, r.accepted) for r in ticket.rounds] == [(1, False), (2, True)]


def test_a_no_must_say_why() -> None:
    with pytest.raises(Invalid):
        at(Stage.CUSTOMER_VERIFICATION).judge(False, "", NOON)


def test_a_verification_that_comes_before_the_assignment_is_brought_again() -> None:
    with pytest.raises(TooEarly):
        at(Stage.DIAGNOSIS).verified(verified())


def test_a_verification_that_comes_twice_asks_the_customer_once() -> None:
    ticket = at(Stage.HANDLING)
    assert [event.kind for event in ticket.verified(verified())] == ["ticket.resumed", "ticket.waiting"]
    assert ticket.verified(verified()) == []


def test_a_satisfied_customer_completes_the_ticket() -> None:
    ticket = at(Stage.FEEDBACK)
    events = ticket.rate(Satisfaction.SATISFIED, "", NOON)
    assert [type(event) for event in events] == [TicketFeedbackGiven, TicketCompleted]
    assert ticket.status is Status.COMPLETED


def test_a_dissatisfied_customer_is_called_back_and_gets_a_second_plan_before_completion() -> None:
    ticket = at(Stage.FEEDBACK, Satisfaction.DISSATISFIED)
    assert ticket.stage is Stage.FEEDBACK
    with pytest.raises(IllegalMove):
        ticket.complete(NOON)
    with pytest.raises(IllegalMove):
        ticket.agree_plan("每周回访", NOON)
    ticket.called_back("沟通慢", "", "a-lin", NOON)
    ticket.agree_plan("每周回访", NOON)
    events = ticket.carry_out_plan("已回访", NOON)
    completed = events[-1]
    assert isinstance(completed, TicketCompleted)
    assert (completed.cause_of_dissatisfaction, completed.second_plan) == ("沟通慢", "每周回访")


def test_feedback_that_never_comes_does_not_hold_the_ticket() -> None:
    ticket = at(Stage.FEEDBACK)
    assert ticket.wait_ran_out(NOON + FEEDBACK_WAIT - timedelta(seconds=1)) == []
    [completed] = ticket.wait_ran_out(NOON + FEEDBACK_WAIT)
    assert isinstance(completed, TicketCompleted)
    assert ticket.due_at is None


def test_a_completed_ticket_is_reopened_within_its_window_only() -> None:
    ticket = at(Stage.ARCHIVED)
    with pytest.raises(IllegalMove):
        ticket.reopen("又出现了", NOON + REOPEN_WINDOW + timedelta(seconds=1))
    ticket.reopen("又出现了", NOON + REOPEN_WINDOW)
    assert (ticket.stage, ticket.round, ticket.satisfaction) == (Stage.HANDLING, 2, None)


@pytest.mark.parametrize("stage", [Stage.INTAKE, Stage.HANDLING, Stage.ARCHIVED])
def test_only_what_waits_for_the_customers_word_can_be_judged_or_rated(stage: Stage) -> None:
    with pytest.raises(IllegalMove):
        at(stage).judge(True, "", NOON)
    with pytest.raises(IllegalMove):
        at(stage).rate(Satisfaction.SATISFIED, "", NOON)


def test_a_requester_cannot_write_an_internal_note() -> None:
    with pytest.raises(Forbidden):
        at(Stage.HANDLING).post("x", "u-wang", "王敏", False, True, Channel.ONLINE, NOON)


def test_a_conversation_has_an_end() -> None:
    ticket = at(Stage.HANDLING)
    for _ in range(400):
        ticket.post("x" * 20_000, "u-wang", "王敏", False, False, Channel.ONLINE, NOON)
    with pytest.raises(Full):
        ticket.post("x", "u-wang", "王敏", False, False, Channel.ONLINE, NOON)


def test_the_same_attachment_is_added_once() -> None:
    ticket = at(Stage.HANDLING)
    log = Attachment(id="a", name="app.log", size=1, media_type="text/plain", sha256="0", added_by="u-wang", at=NOON)
    assert len(ticket.attach(log, False, NOON)) == 1
    assert ticket.attach(log, False, NOON) == []


def test_a_consent_is_revoked_once() -> None:
    ticket = at(Stage.HANDLING)
    consent = Consent(id="c1", scope="remote", given_by="王敏", recorded_by="u-wang", words="同意", at=NOON)
    ticket.give_consent(consent, NOON)
    assert len(ticket.revoke_consent("c1", NOON)) == 1
    assert ticket.revoke_consent("c1", NOON) == []
    with pytest.raises(Invalid):
        ticket.revoke_consent("c2", NOON)


def test_facts_that_no_longer_matter_change_nothing() -> None:
    ticket = at(Stage.ARCHIVED)
    ticket.assigned(assigned().model_copy(update={"engineer": "e-chen"}))
    assert ticket.assignee == "e-liu"
    assert ticket.verified(verified()) == []
    engaged = TriageThirdPartyEngaged(subject=NUMBER, time=NOON, party="DBA", reason="locks")
    assert ticket.third_party_engaged(engaged) == []

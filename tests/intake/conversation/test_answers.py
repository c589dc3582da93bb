"""Answers that customers number as the questions were."""

from datetime import timedelta

import pytest

from services.intake.conversation import domain
from services.intake.conversation.answers import numbered
from services.intake.tickets.reminders import when_due
from shared.events import Event, TicketMessagePosted, TicketQuestionsAnswered
from shared.terms import Channel, WaitingFor
from shared.testing import NOON
from tests.hostile.growth import grows_faster_than_text
from tests.intake.samples import LIN, WANG, opened

ASKED = ["error_text", "module", "steps"]


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("1. ORA-00060\n2. 报表\n3. 点导出", {"error_text": "ORA-00060", "module": "报表", "steps": "点导出"}),
        (
            "您好\n1、ORA-00060\n3、点导出\n然后等一分钟\n谢谢",
            {"error_text": "ORA-00060", "steps": "点导出\n然后等一分钟\n谢谢"},
        ),
        ("（2）报表", {"module": "报表"}),
        ("②报表 ①没有报错", {"module": "报表 ①没有报错"}),
        ("2: Reports", {"module": "Reports"}),
        ("1.\nORA-00060\n2.", {"error_text": "ORA-00060"}),
        ("1. a\n1. b", {}),
        ("1. 打开\n2. 点导出\n3. 选 Excel\n4. 崩溃", {}),
        ("0. x", {}),
        ("报表 3.2 版本", {}),
        ("12. x", {}),
        ("", {}),
    ],
)
def test_what_is_numbered_answers_the_question_of_that_number(text: str, answers: dict[str, str]) -> None:
    assert numbered(text, ASKED) == answers


def test_who_was_asked_nothing_answers_nothing() -> None:
    assert numbered("1. x", []) == {}


def say(text: str, staff: bool = False) -> tuple[list[Event], list[str], str]:
    """What happens, which questions are left, and the module that is known."""
    ticket, _ = opened()
    events = domain.post(ticket, text, LIN if staff else WANG, False, Channel.WECOM, NOON)
    return events, [question.field for question in ticket.questions], ticket.problem.module


def test_a_message_that_answers_is_both() -> None:
    events, left, module = say("2. 报表\n3. 点导出")
    assert [type(one) for one in events[:2]] == [TicketQuestionsAnswered, TicketMessagePosted]
    answered = events[0]
    assert isinstance(answered, TicketQuestionsAnswered)
    assert (answered.answers, answered.missing) == ({"module": "报表", "steps": "点导出"}, ["error_text"])
    assert (left, module) == (["error_text"], "报表")


def test_what_staff_number_is_no_answer() -> None:
    events, left, module = say("1. 请重启\n2. 再试", staff=True)
    assert [type(one) for one in events] == [TicketMessagePosted]
    assert (left, module) == (ASKED, "")


def test_the_numbers_are_those_that_the_customer_saw() -> None:
    ticket, _ = opened()
    domain.post(ticket, "2. 报表", WANG, False, Channel.WECOM, NOON)
    domain.post(ticket, "2. 还是报表\n3. 点导出", WANG, False, Channel.WECOM, NOON)
    assert (ticket.problem.module, ticket.problem.steps) == ("报表", "点导出")


def test_a_reminder_numbers_what_is_left_anew() -> None:
    ticket, _ = opened()
    domain.post(ticket, "1. ORA-00060", WANG, False, Channel.WECOM, NOON)
    ticket.lacking = True
    ticket.update_stage("asked again", NOON)
    assert ticket.waiting_for == WaitingFor.CUSTOMER_INFORMATION
    when_due(ticket, NOON + timedelta(days=1))
    domain.post(ticket, "1. 报表\n2. 点导出", WANG, False, Channel.WECOM, NOON + timedelta(days=1))
    assert (ticket.problem.module, ticket.problem.steps, ticket.questions) == ("报表", "点导出", [])


@pytest.mark.parametrize("piece", ["1. ", "1.\n", "\t ", "（", "①\n", "x\n"])
def test_the_time_grows_no_faster_than_the_text(piece: str) -> None:
    assert grows_faster_than_text(lambda text: numbered(text, ASKED), lambda n: piece * (n // len(piece))) == ""

"""Messages and answers: what they do to a ticket."""

from datetime import timedelta

import pytest

from services.intake.conversation import domain as conversation
from services.intake.conversation.domain import NoOpenQuestions
from services.intake.tickets.closing import REOPEN_WITHIN, TooLateToReopen
from shared.domain import Forbidden, Invalid
from shared.events import TicketMessagePosted
from shared.terms import Channel, Stage, WaitingFor
from shared.testing import NOON
from tests.intake.samples import COMPLETE, LIN, WANG, at, kinds, opened


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


def test_a_note_stays_inside_and_its_text_off_the_bus() -> None:
    ticket = at(Stage.HANDLING)
    [posted] = conversation.post(ticket, "许可证过期了", LIN, True, Channel.ONLINE, NOON)
    assert isinstance(posted, TicketMessagePosted)
    assert (posted.text, posted.internal, ticket.messages[-1].text) == ("", True, "许可证过期了")
    with pytest.raises(Forbidden):
        conversation.post(ticket, "x", WANG, True, Channel.ONLINE, NOON)


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

"""What customers write later is read too: it completes the ticket, and overwrites nothing."""

from typing import Any

from services.intake.conversation import domain
from services.intake.tickets.domain import Ticket
from shared.events import Event, TicketAmended, TicketQuestionsAnswered, TicketQuestionsAsked
from shared.terms import Channel, Stage, WaitingFor
from shared.testing import NOON
from tests.intake.forms.scene import FIELDS, a_form, forms
from tests.intake.forms.test_asking import opened as opened_by
from tests.intake.samples import LIN, WANG, at, opened

FORMS = forms(a_form(FIELDS, product="PR-erp"))
TRACE = "java.lang.IllegalStateException: no session\n    at com.shop.Export.run(Export.java:41)\n"


def say(ticket: Ticket, text: str, **other: Any) -> list[Event]:
    return domain.post(ticket, text, WANG, False, Channel.WECOM, NOON, **other)


def test_a_message_fills_what_nobody_gave() -> None:
    ticket, _ = opened("导出 Excel 时崩溃")
    events = say(ticket, "我们用的是 V3.3，Windows 11，报 ORA-01653，有30个用户受影响")
    known = ticket.problem
    assert (known.product_version, known.environment, known.users_affected) == ("V3.3", "Windows 11", 30)
    assert known.error_text.startswith("ORA-01653")
    assert ticket.found == ["product_version", "environment", "error_text", "users_affected"]
    assert [question.field for question in ticket.questions] == ["module", "steps"]
    [amended] = [one for one in events if isinstance(one, TicketAmended)]
    assert (amended.before["users_affected"], amended.before["environment"]) == (None, "")


def test_what_was_given_or_found_before_stays() -> None:
    ticket, _ = opened("V3.2 导出 Excel 时崩溃", environment="测试机")
    assert not [one for one in say(ticket, "V3.3 在 Win11 上也崩溃") if isinstance(one, TicketAmended)]
    assert (ticket.problem.product_version, ticket.problem.environment) == ("V3.2", "测试机")


def test_what_is_denied_planned_or_written_by_staff_is_not_taken() -> None:
    ticket, _ = opened("导出 Excel 时崩溃")
    say(ticket, "不是V3.2")
    say(ticket, "我们准备升级到V3.4")
    domain.post(ticket, "请升级到 V3.5，报 ORA-01653", LIN, False, Channel.ONLINE, NOON)
    assert (ticket.problem.product_version, ticket.problem.error_text) == ("", "")


def test_an_answer_tells_of_other_fields_too() -> None:
    ticket, _ = opened("导出 Excel 时崩溃")
    events = domain.answer(ticket, {"steps": "在 Win10 上点导出，报 ORA-01653"}, WANG, NOON)
    assert (ticket.problem.environment, ticket.problem.error_text) == ("Win10", "ORA-01653")
    assert ticket.found == ["environment", "error_text"]
    assert [type(one) for one in events[:1]] == [TicketQuestionsAnswered]


def test_the_trace_in_a_message_is_the_tickets() -> None:
    ticket, _ = opened("导出 Excel 时崩溃")
    say(ticket, TRACE)
    assert len(ticket.fingerprints) == 1
    assert ticket.problem.error_text == "java.lang.IllegalStateException: no session"


def test_nothing_is_waited_for_when_all_was_told() -> None:
    ticket, _ = opened("V3.2 在 Win11 上导出时崩溃")
    say(ticket, "报 ORA-01653。在报表模块里。\n先点击导出，再选 Excel")
    assert (ticket.questions, ticket.waiting_for) == ([], WaitingFor.NONE)


def test_what_reopens_a_ticket_is_read_and_a_merged_tickets_words_are_not() -> None:
    ticket = at(Stage.ARCHIVED)
    say(ticket, "又崩溃了，报 ORA-01653")
    assert ticket.problem.error_text == "ORA-01653"
    other, _ = opened("导出 Excel 时崩溃")
    say(other, "报 ORA-01653", via="TK-2026-000009")
    assert other.problem.error_text == ""


def test_an_answer_that_does_not_fit_is_told_back_once() -> None:
    ticket, _ = opened_by(FORMS)
    events = say(ticket, "1. 报表\n3. 没有", forms=FORMS)
    [asked] = [one for one in events if isinstance(one, TicketQuestionsAsked)]
    assert [(one.field, one.said) for one in asked.unfit] == [("serial", "没有")]
    assert "序列号" in asked.unfit[0].zh
    assert "Serial number" in asked.unfit[0].en
    assert ticket.asked == [one.field for one in asked.questions] == ["database", "serial"]
    assert ticket.waiting_for == WaitingFor.CUSTOMER_INFORMATION
    again = say(ticket, "2. 真的没有", forms=FORMS)
    assert not [one for one in again if isinstance(one, TicketQuestionsAsked)]
    assert not ticket.lacking
    say(ticket, "2. SN-0001", forms=FORMS)
    assert ticket.problem.custom_fields["serial"] == "SN-0001"


def test_choices_without_numbers_are_answers() -> None:
    ticket, _ = opened_by(FORMS)
    [answered, *_] = say(ticket, "我们用的是达梦 8，序列号 SN-0001", forms=FORMS)
    assert isinstance(answered, TicketQuestionsAnswered)
    assert answered.answers == {"database": "dm8", "serial": "SN-0001"}
    assert answered.missing == ["module"]

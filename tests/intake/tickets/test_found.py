"""What a ticket knows without having been told in a field: found in words and in logs."""

import gzip

from services.intake.conversation import domain as conversation
from services.intake.information.domain import extract_log
from services.intake.tickets import logs
from services.intake.tickets.amending import amend
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Author
from shared.events import Contact, Event, Problem, TicketAmended
from shared.terms import Channel
from shared.testing import NOON

TRACE = "java.lang.IllegalStateException: no session\n    at com.shop.Export.run(Export.java:41)\n"
LOG = f"09:00 INFO started\n09:01 ERROR failed\n{TRACE}"
WANG = Author("u-wang", "王", by_staff=False)


def opened(title: str, description: str = "", **given: object) -> tuple[Ticket, list[Event]]:
    problem = Problem(title=title, description=description or title, **given)
    contact = Contact(name="王", sub="u-wang", email="wang@huadong.example")
    return Ticket.open("T-1", problem, "华东", "华东", contact, Channel.ONLINE, "channel:online", [], NOON)


def test_what_was_found_is_told_from_what_was_given() -> None:
    ticket, events = opened("V3.2 在 Win11 上导出时报错 ORA-00942", module="报表", environment="测试机")
    assert (ticket.problem.environment, ticket.problem.product_version) == ("测试机", "V3.2")
    assert ticket.found == ["product_version", "error_text"]
    assert ticket.asked == ["steps"]
    assert events[0].problem == ticket.problem  # type: ignore[attr-defined]


def test_a_trace_in_the_description_gives_the_ticket_its_fingerprint() -> None:
    ticket, _ = opened("导出失败", f"报错：\n{TRACE}")
    assert len(ticket.fingerprints) == 1
    assert ticket.fingerprints == list(extract_log(LOG).fingerprints)


def test_what_was_corrected_is_not_found_any_more() -> None:
    ticket, _ = opened("V3.2 在 Win11 上导出时崩溃")
    amend(ticket, {"environment": "Windows 11 23H2"}, by_staff=False, now=NOON)
    assert ticket.found == ["product_version"]


def test_what_was_answered_is_not_found_any_more() -> None:
    ticket, _ = opened("导出时崩溃")
    logs.take(ticket, extract_log(LOG), NOON)
    conversation.answer(ticket, {"module": "报表"}, WANG, NOON)
    assert ticket.found == ["error_text"]


def test_the_error_in_a_log_is_not_asked_for() -> None:
    ticket, _ = opened("导出时崩溃")
    assert "error_text" in {question.field for question in ticket.questions}
    events = logs.take(ticket, extract_log(LOG), NOON)
    assert [type(event) for event in events] == [TicketAmended]
    assert ticket.problem.error_text == "java.lang.IllegalStateException: no session"
    assert "error_text" not in {question.field for question in ticket.questions}
    assert logs.take(ticket, extract_log(LOG), NOON) == []


def test_a_log_does_not_overwrite_what_was_given() -> None:
    ticket, _ = opened("导出时崩溃", error_text="会话失效")
    assert logs.take(ticket, extract_log(LOG), NOON) == []
    assert ticket.problem.error_text == "会话失效"
    assert len(ticket.fingerprints) == 1


def test_only_text_is_read_as_a_log() -> None:
    assert logs.text_of("a.log", "application/octet-stream", b"ERROR E-1") == "ERROR E-1"
    assert logs.text_of("a.log", "text/plain", b"\x00ERROR E-1") == ""
    assert logs.text_of("a.log", "", "\ufeffERROR 失败\n".encode("utf-16-le")) == "ERROR 失败\n"
    assert logs.text_of("a.log", "", "ERROR 失败\n".encode("gb18030")) == "ERROR 失败\n"
    assert logs.text_of("a.log.gz", "", gzip.compress(b"ERROR E-1\n")) == "ERROR E-1\n"
    assert logs.text_of("a.log.gz", "", b"no gzip") == ""
    assert logs.text_of("a.png", "image/png", b"ERROR E-1") == ""

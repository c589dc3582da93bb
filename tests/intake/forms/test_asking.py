"""Which form a ticket is asked by: by the version of its day, never a second time, and as before where none is."""

from typing import Any

import pytest

from services.intake.conversation import domain as conversation
from services.intake.forms.catalog import NO_FORMS, Forms
from services.intake.tickets import facts
from services.intake.tickets.amending import amend
from services.intake.tickets.domain import Ticket
from services.intake.tickets.reminders import when_due
from shared.domain import Invalid
from shared.events import Contact, Event, Problem, TicketAmended, TicketQuestionsAnswered, TicketQuestionsAsked
from shared.terms import Category, Channel, WaitingFor
from shared.testing import NOON
from tests.intake.forms.scene import CHARSET, DATABASE, FIELDS, SERIAL, a_form, forms
from tests.intake.samples import WANG, diagnosed, kinds

ERP_FORM = a_form(FIELDS, product="PR-erp")
OF_ERP = forms(ERP_FORM)
ASKED = ["module", "database", "serial"]


def opened(known: Forms, title: str = "环通 ERP 打不开", **given: Any) -> tuple[Ticket, list[Event]]:
    problem, contact = Problem(title=title, description=title, **given), Contact(name="王敏", sub="u-wang")
    return Ticket.open(
        "TK-2026-000001", problem, "华东", "华东", contact, Channel.ONLINE, "channel:online", [], NOON, forms=known
    )


def open_fields(ticket: Ticket) -> list[str]:
    return [question.field for question in ticket.questions]


def asked_in(events: list[Event]) -> list[tuple[list[str], int]]:
    return [([one.field for one in e.questions], e.first) for e in events if isinstance(e, TicketQuestionsAsked)]


def test_a_ticket_is_asked_by_the_form_of_its_product_and_keeps_the_version() -> None:
    ticket, events = opened(OF_ERP)
    assert (ticket.problem.product, ticket.found, ticket.asked) == ("环通 ERP", ["product"], ASKED)
    assert ticket.form is not None
    assert (ticket.form.form, ticket.form.number) == (ERP_FORM.id, 1)
    assert [(one.zh, one.en) for one in ticket.questions][1:] == [
        ("使用哪种数据库？（Oracle、达梦 8）", "Which database do you use? (Oracle, 达梦 8)"),
        ("序列号", "Serial number"),
    ]
    assert asked_in(events) == [(ASKED, 1)]


@pytest.mark.parametrize("known", [NO_FORMS, forms(), forms(a_form(FIELDS, product="PR-crm"))])
def test_where_nothing_is_declared_all_is_as_before(known: Forms) -> None:
    ticket, _ = opened(known, "V3.2 在 Win11 上导出 Excel 时崩溃")
    assert (ticket.asked, ticket.form) == (["error_text", "module", "steps"], None)
    assert asked_in(amend(ticket, {"title": "导出 Excel 时崩溃"}, False, NOON, known)) == []


@pytest.mark.parametrize(
    ("product", "category", "form"),
    [
        ("huantong erp", "data", "TF-PR-erp-data"),
        ("环通 ERP", "function", "TF-PR-erp-"),
        ("环通 CRM", "data", "TF--data"),
        ("别的", "", "TF--"),
    ],
)
def test_the_form_that_says_most_holds(product: str, category: str, form: str) -> None:
    scopes = (("PR-erp", "data"), ("PR-erp", ""), ("", "data"), ("", ""))
    known = forms(*(a_form([{"key": "module"}], *scope) for scope in scopes))
    assert known.applied(product, category).form == form


def test_a_form_that_does_not_hold_any_more_asks_nobody() -> None:
    form = a_form(FIELDS, product="PR-erp")
    form.declare(None, False, "admin", NOON)
    assert opened(forms(form))[0].form is None


def test_answers_fill_declared_fields_and_make_others_necessary_once() -> None:
    ticket, _ = opened(OF_ERP)
    events = conversation.answer(ticket, {"database": "Oracle", "serial": "SN-2026"}, WANG, NOON, OF_ERP)
    assert ticket.problem.custom_fields == {"database": "oracle", "serial": "SN-2026"}
    answered = events[0]
    assert isinstance(answered, TicketQuestionsAnswered)
    assert answered.problem.custom_fields["database"] == "oracle"
    assert asked_in(events) == [(["charset"], 4)]
    assert (open_fields(ticket), ticket.waiting_for) == (["module", "charset"], WaitingFor.CUSTOMER_INFORMATION)
    assert "使用哪种数据库？（Oracle、达梦 8）\nOracle" in ticket.messages[-1].text
    assert asked_in(amend(ticket, {"custom_fields": {"database": "dm8"}}, True, NOON, OF_ERP)) == []
    assert open_fields(ticket) == ["module"]
    assert asked_in(amend(ticket, {"custom_fields": {"database": "oracle"}}, True, NOON, OF_ERP)) == []


def test_what_is_asked_later_goes_on_with_the_numbers() -> None:
    ticket, _ = opened(OF_ERP)
    conversation.post(ticket, "2. oracle", WANG, False, Channel.WECOM, NOON, forms=OF_ERP)
    conversation.post(ticket, "4. UTF-8\n3. SN-0001\n1. 报表", WANG, False, Channel.WECOM, NOON, forms=OF_ERP)
    assert ticket.problem.custom_fields == {"database": "oracle", "charset": "UTF-8", "serial": "SN-0001"}
    assert (open_fields(ticket), ticket.waiting_for) == ([], WaitingFor.NONE)


def test_what_is_no_answer_is_refused_by_name_and_left_open_in_free_text() -> None:
    ticket, _ = opened(OF_ERP)
    with pytest.raises(Invalid) as refused:
        conversation.answer(ticket, {"serial": "1234"}, WANG, NOON, OF_ERP)
    assert refused.value.field == "body.answers.serial"
    events = conversation.post(ticket, "2. mysql\n3. SN-0001", WANG, False, Channel.WECOM, NOON, forms=OF_ERP)
    assert (ticket.problem.custom_fields, open_fields(ticket)) == ({"serial": "SN-0001"}, ["module", "database"])
    assert kinds(events)[0] == "ticket.questions_answered"


def test_a_new_declaration_asks_nobody_again() -> None:
    ticket, _ = opened(OF_ERP)
    form = ERP_FORM.model_copy(deep=True)
    form.version = 1
    more = [*FIELDS, {"key": "site", "name_zh": "站点"}]
    form.declare([type(form.current.fields[0]).model_validate(one) for one in more], None, "admin", NOON)
    newer = forms(form)
    assert asked_in(conversation.answer(ticket, {"database": "dm8"}, WANG, NOON, newer)) == []
    assert asked_in(amend(ticket, {"environment": "Win11"}, True, NOON, newer)) == []
    assert ticket.form is not None
    assert ticket.form.number == 1
    assert opened(newer)[0].asked == [*ASKED, "site"]


def test_a_category_that_becomes_known_asks_for_what_was_never_asked() -> None:
    known = forms(a_form([{"key": "module"}, {"key": "environment"}, SERIAL], category=Category.FUNCTION))
    ticket, _ = opened(known, "导出时崩溃")
    assert ticket.asked == ["error_text", "module", "product_version", "steps", "environment"]
    assert asked_in(facts.hear(ticket, diagnosed(), known)) == [(["serial"], 6)]
    assert asked_in(facts.hear(ticket, diagnosed(revision=2), known)) == []
    assert asked_in(facts.hear(ticket, diagnosed(revision=3, category=Category.DATA), known)) == []
    assert open_fields(ticket) == ["error_text", "module", "product_version", "steps", "environment", "serial"]
    conversation.answer(ticket, {"steps": "点导出", "serial": "SN-0001"}, WANG, NOON, known)
    assert open_fields(ticket) == ["error_text", "module", "product_version", "environment"]


def test_who_was_asked_all_and_went_on_without_is_asked_for_what_is_new_alone() -> None:
    known = forms(a_form([SERIAL], category=Category.FUNCTION))
    ticket, _ = opened(known, "导出时崩溃")
    while ticket.waiting_for == WaitingFor.CUSTOMER_INFORMATION and ticket.due_at:
        when_due(ticket, ticket.due_at)
    assert ticket.incomplete
    events = facts.hear(ticket, diagnosed(), known)
    assert asked_in(events) == [(["serial"], 6)]
    assert (ticket.waiting_for, ticket.incomplete) == (WaitingFor.CUSTOMER_INFORMATION, False)


def test_another_product_asks_by_its_own_form_and_keeps_what_is_known() -> None:
    known = forms(ERP_FORM, a_form([{"key": "module"}, {"key": "site", "name_zh": "站点"}], product="PR-crm"))
    ticket, _ = opened(known)
    amend(ticket, {"custom_fields": {"database": "dm8"}}, True, NOON, known)
    changes = {"product": "环通 CRM", "custom_fields": {"site": "上海"}}
    events = amend(ticket, changes, True, NOON, known)
    amended = events[0]
    assert isinstance(amended, TicketAmended)
    assert (amended.changed, amended.before) == (["product", "custom_fields.site"],
                                                 {"product": "环通 ERP", "custom_fields.site": ""})  # fmt: skip
    assert ticket.problem.custom_fields == {"database": "dm8", "site": "上海"}
    assert asked_in(events) == []
    amend(ticket, {"custom_fields": {"database": ""}}, True, NOON, known)
    assert ticket.problem.custom_fields == {"site": "上海"}
    with pytest.raises(Invalid) as refused:
        amend(ticket, {"custom_fields": {"database": "oracle"}}, True, NOON, known)
    assert refused.value.field == "body.custom_fields.database"


def test_what_is_found_and_does_not_look_as_it_should_is_asked_for() -> None:
    known = forms(a_form([{"key": "product_version", "pattern": r"V\d\.\d\.\d"}]))
    assert opened(known, "V3.2 打不开")[0].asked == ["product_version"]
    assert opened(known, "V3.2.1 打不开")[0].problem.product_version == "V3.2.1"
    ticket, _ = opened(known, "打不开")
    with pytest.raises(Invalid):
        conversation.answer(ticket, {"product_version": "三"}, WANG, NOON, known)


def test_only_malfunctions_are_asked_where_it_says_so_and_some_fields_nobody() -> None:
    fields = [{**DATABASE, "required": "malfunction"}, {**SERIAL, "required": "never"}, {**CHARSET, "only_if": None}]
    known = forms(a_form(fields))
    assert opened(known, "导出时崩溃")[0].asked == ["database", "charset"]
    assert opened(known, "如何批量导入客户资料？")[0].asked == ["charset"]


def test_a_ticket_of_an_older_release_is_read_and_goes_on() -> None:
    ticket, _ = opened(NO_FORMS, "导出时崩溃")
    stored = ticket.model_dump(exclude={"form", "ever_asked"})
    del stored["problem"]["custom_fields"]
    old = Ticket.model_validate(stored)
    known = forms(a_form([{"key": "module"}, SERIAL], category=Category.FUNCTION))
    assert asked_in(facts.hear(old, diagnosed(), known)) == [(["serial"], 6)]

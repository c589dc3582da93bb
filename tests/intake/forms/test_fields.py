"""What a field takes for an answer, and which fields can be declared."""

from typing import Any

import pytest

from services.intake.forms.domain import check_fields
from services.intake.forms.fields import CUSTOM_BYTES, FormField, with_values
from shared.domain import Invalid
from shared.events import Problem
from tests.intake.forms.scene import DATABASE, SERIAL


def field(**facts: Any) -> FormField:
    return FormField.model_validate({"key": "x", "name_zh": "甲", "name_en": "A", **facts})


@pytest.mark.parametrize(
    ("facts", "said", "kept"),
    [
        ({}, " a\nb ", "a b"),
        ({"kind": "textarea"}, " a\r\nb ", "a\nb"),
        ({}, "  ", ""),
        ({"kind": "integer"}, "-007", "-7"),
        ({"kind": "decimal"}, "1.50", "1.50"),
        ({"kind": "date"}, "2026-03-02", "2026-03-02"),
        ({"kind": "checkbox"}, "是", "true"),
        ({"kind": "checkbox"}, "No", "false"),
        (DATABASE, "ORACLE", "oracle"),
        (DATABASE, "达梦 8", "dm8"),
        (SERIAL, "SN-2026", "SN-2026"),
    ],
)
def test_an_answer_is_kept_in_one_spelling(facts: dict[str, Any], said: str, kept: str) -> None:
    assert field(**facts).read(said, "") == kept


@pytest.mark.parametrize(
    ("facts", "said", "en", "zh"),
    [
        ({"kind": "integer"}, "1.5", "A: enter a whole number", "甲：请填写整数"),
        ({"kind": "integer"}, "９" * 3, "A: enter a whole number", "甲：请填写整数"),
        ({"kind": "integer"}, "9" * 16, "A: enter a whole number", "甲：请填写整数"),
        ({"kind": "decimal"}, "1.", "A: enter a number", "甲：请填写数字"),
        ({"kind": "decimal"}, ".", "A: enter a number", "甲：请填写数字"),
        ({"kind": "date"}, "2026-02-30", "A: enter a date such as 2026-03-02", "甲：请填写日期，例如 2026-03-02"),
        ({"kind": "checkbox"}, "maybe", "A: answer yes or no", "甲：请回答“是”或“否”"),
        (DATABASE, "mysql", "Database: choose one of Oracle, 达梦 8", "数据库：请从以下选项中选择：Oracle、达梦 8"),
        (
            SERIAL,
            "2026",
            "Serial number: does not have the form SN-[0-9]{4}",
            "序列号：格式不符合要求：SN-[0-9]{4}",
        ),
        ({}, "x" * 201, "At most 200 characters", "最多 200 个字符"),
    ],
)
def test_what_is_no_answer_is_refused_in_both_languages(facts: dict[str, Any], said: str, en: str, zh: str) -> None:
    with pytest.raises(Invalid) as refused:
        field(**facts).read(said, "body.custom_fields.x")
    assert (refused.value.detail, refused.value.field) == ((en, zh), "body.custom_fields.x")


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ([{"key": "a", "name_zh": "甲"}] * 2, "body.fields.1.key"),
        ([{"key": "title", "name_zh": "甲"}], "body.fields.0.key"),
        ([{"key": "a"}], "body.fields.0.name_zh"),
        ([{"key": "module", "kind": "date"}], "body.fields.0.kind"),
        ([{**DATABASE, "options": []}], "body.fields.0.options"),
        ([{**DATABASE, "kind": "text"}], "body.fields.0.options"),
        ([{**DATABASE, "options": [{"value": "a"}, {"value": "A"}]}], "body.fields.0.options"),
        ([{**SERIAL, "kind": "textarea"}], "body.fields.0.pattern"),
        ([{**SERIAL, "pattern": "(?=a)"}], ""),
        ([{"key": "a", "name_zh": "甲", "only_if": {"field": "b"}}, {"key": "b", "name_zh": "乙"}],
         "body.fields.0.only_if.field"),
        ([{**DATABASE, "key": f"k{n}", "options": [{"value": f"{m}{'长' * 70}"} for m in range(50)]} for n in range(4)],
         "body.fields"),
    ],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_when_it_is_declared(fields: list[dict[str, Any]], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_fields([FormField.model_validate(one) for one in fields])
    assert refused.value.field == place


def test_custom_fields_have_an_end_in_bytes() -> None:
    problem = with_values(Problem(title="x", description=""), {"a": "长" * 20_000})
    assert with_values(problem, {"a": ""}).custom_fields == {}
    with pytest.raises(Invalid):
        with_values(problem, {"b": "长" * (CUSTOM_BYTES // 3)})

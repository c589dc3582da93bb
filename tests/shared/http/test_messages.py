"""Every wrong field is told of in the language of who sent it."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import core_schema

from shared.http.messages import MESSAGES, MOMENT, message, sentence
from shared.terms import (
    Category,
    Day,
    InvalidValue,
    Known,
    Line,
    Moment,
    Number,
    OptionalEmailAddress,
    Subject,
    Whole,
    YesOrNo,
)

OWN = {"email_address", "moment", "subject"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def be_even(number: int) -> int:
    if number % 2:
        raise InvalidValue("must be even", "必须是偶数")
    return number


def be_odd(number: int) -> int:
    if not number % 2:
        raise ValueError("must be odd")
    return number


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    line: Line = "x"
    count: int = Field(1, ge=1, le=9)
    share: float = Field(0.5, gt=0, lt=1, allow_inf_nan=False)
    yes: bool = True
    colour: Colour = Colour.RED
    category: Known[Category] = Category.DATA
    size: Literal["s", "l"] = "s"
    day: Day = date(2026, 3, 2)
    at: Moment | None = None
    who: Subject = "u-1"
    mail: OptionalEmailAddress = ""
    code: str = Field("ab", pattern=r"^[a-z]+$")
    lines: list[str] = Field(default=[], max_length=2)
    table: dict[str, int] = {}
    even: Annotated[int, AfterValidator(be_even)] = 2
    odd: Annotated[int, AfterValidator(be_odd)] = 1


WRONG: list[tuple[str, Any, str, str]] = [
    ("line", "", "must not be empty", "不能为空"),
    ("line", "x" * 201, "must have at most 200 characters", "不得超过 200 个字符"),
    ("line", 5, "must be a string", "必须是文本"),
    ("line", "\ud800", "must be valid Unicode", "必须是有效的 Unicode 文本"),
    ("count", 0, "must be 1 or greater", "不得小于 1"),
    ("count", 10, "must be 9 or less", "不得大于 9"),
    ("count", "x", "must be an integer", "必须是整数"),
    ("count", 1.5, "must be an integer", "必须是整数"),
    ("count", "9" * 5000, "has too many digits", "数字位数过多"),
    ("share", 0, "must be greater than 0", "必须大于 0"),
    ("share", 1, "must be less than 1", "必须小于 1"),
    ("share", float("nan"), "must be a finite number", "必须是有限数值"),
    ("share", [], "must be a number", "必须是数字"),
    ("yes", "perhaps", "must be true or false", "必须是 true 或 false"),
    ("colour", "green", "must be 'red' or 'blue'", "必须是 'red' 或 'blue'"),
    ("size", "m", "must be 's' or 'l'", "必须是 's' 或 'l'"),
    ("day", "soon", "must be a date such as 2026-03-02", "必须是日期，例如 2026-03-02"),
    ("day", "20000", "must be a date such as 2026-03-02", "必须是日期，例如 2026-03-02"),
    ("at", 0.5, MOMENT.en, MOMENT.zh),
    ("at", "1700000000", MOMENT.en, MOMENT.zh),
    ("day", "0001-01-01", "must be between the years 1970 and 2200", "必须在 1970 年至 2200 年之间"),
    ("at", "9999-12-31T23:59:59-14:00", "must be between the years 1970 and 2200", "必须在 1970 年至 2200 年之间"),
    ("at", "2026-03-02T12:00:00", "must have a time zone offset such as +08:00", "必须带时区，例如 +08:00"),
    ("who", "role:admin", "must be the subject (sub) of a user", "必须是用户标识（sub）"),
    ("mail", "a@b", "must be an email address such as name@example.com", "必须是邮箱地址，例如 name@example.com"),
    ("code", "A", "must match ^[a-z]+$", "格式不正确，应匹配 ^[a-z]+$"),
    ("lines", ["a", "b", "c"], "must have at most 2 items", "不得超过 2 项"),
    ("lines", "a", "must be a list", "必须是列表"),
    ("table", 5, "must be an object", "必须是 JSON 对象"),
    ("even", 1, "must be even", "必须是偶数"),
    ("odd", 2, "must be odd", "无效"),
    ("other", 1, "is not recognized", "无法识别"),
]


def errors(values: dict[str, Any]) -> list[Any]:
    with pytest.raises(ValidationError) as caught:
        Form(**values)
    return caught.value.errors()


@pytest.mark.parametrize(("field", "value", "en", "zh"), WRONG)
def test_what_is_wrong_is_said_in_both_languages(field: str, value: Any, en: str, zh: str) -> None:
    [error] = errors({field: value})
    assert message(error) == (en, zh)


@pytest.mark.parametrize(
    ("loc", "name"),
    [
        (("body",), "body"),
        (("body", 12), "body"),
        (("body", "customer"), "customer"),
        (("body", "customer", "name"), "customer.name"),
        (("body", "invited", 0), "invited.0"),
        (("query", "limit"), "limit"),
        (("path", "number"), "number"),
        (("body", "\ud800" * 300), "?" * 200),
    ],
)
def test_the_sentence_names_the_field(loc: tuple[Any, ...], name: str) -> None:
    said = sentence({"type": "missing", "msg": "", "loc": loc})
    assert said == (f"`{name}` is required", f"`{name}` 为必填项")


def test_what_a_validator_of_a_service_says_stands_behind_the_name() -> None:
    [error] = errors({"even": 1})
    assert sentence({**error, "loc": ("body", "even")}) == ("`even`: must be even", "`even`: 必须是偶数")


def test_a_choice_of_a_term_names_what_there_is() -> None:
    [error] = errors({"category": "poetry"})
    said = message(error)
    assert all(term.value in words for term in Category for words in said)


def test_the_contract_names_what_there_is_also_inside_of_others() -> None:
    names = [term.value for term in Category]

    class Nested(BaseModel):
        one: Known[Category]
        maybe: Known[Category] | None = None
        table: dict[Known[Category], int] = {}

    schema = Nested.model_json_schema()["properties"]
    assert schema["one"]["enum"] == schema["maybe"]["anyOf"][0]["enum"] == names
    assert schema["table"]["propertyNames"]["enum"] == names


@pytest.mark.parametrize(
    ("kind", "value"),
    [*((YesOrNo, value) for value in (1, 0, "true", "yes")), *((Whole, value) for value in ("5", True, 5.0))]
    + [(Number, value) for value in ("5", True)],
)
def test_what_json_has_a_type_for_is_of_that_type(kind: Any, value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_nothing_of_what_was_sent_comes_back() -> None:
    said = [message(error) for error in errors({name: "hunter2!" for name in Form.model_fields if name != "line"})]
    assert said
    assert "hunter2" not in str(said)


def test_every_entry_is_for_an_error_that_there_is_and_says_it_in_chinese() -> None:
    assert set(MESSAGES) - OWN <= set(get_args(core_schema.ErrorType))
    for kind, (en, zh) in MESSAGES.items():
        assert CHINESE.search(zh), kind
        assert not CHINESE.search(en), kind
        assert set(re.findall(r"{(\w+)}", en)) <= set(re.findall(r"{(\w+)}", zh)) | {"error"}, kind


def test_an_error_that_has_no_entry_is_still_told() -> None:
    assert message({"type": "quite_new", "msg": "Input is odd", "loc": ()}) == ("Input is odd", "无效")

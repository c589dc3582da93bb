"""A declared field: what is asked, when, and what counts as an answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import Field

from services.intake.forms.patterns import compiled
from shared.domain import Invalid, Value
from shared.events import Problem, Question
from shared.terms import OpenTerm, Text
from shared.texts import on_one_line, without_controls

LINE, PARAGRAPH = 200, 2_000  # characters of an answer
CUSTOM_BYTES = 64_000  # of all custom fields of a ticket in JSON, which events carry
DIGITS = 15  # of a number
YES = {"true", "yes", "y", "是", "有", "对", "1"}
NO = {"false", "no", "n", "否", "无", "没有", "0"}


@dataclass(frozen=True)
class BuiltIn:
    """What every problem has: its label, and how it is asked for."""

    label: Text
    question: Text


BUILT_IN: Mapping[str, BuiltIn] = {
    "product": BuiltIn(Text("Product", "产品"), Text("Which product is it about?", "问题涉及哪个产品？")),
    "product_version": BuiltIn(
        Text("Version", "版本"),
        Text(
            "Which version of the product do you use? (Help → About shows it)",
            "您使用的产品版本是多少？（可在“帮助 → 关于”中查看）",
        ),
    ),
    "module": BuiltIn(
        Text("Module or page", "功能模块或页面"),
        Text("In which module or on which page does it happen?", "问题出现在哪个功能模块或页面？"),
    ),
    "error_text": BuiltIn(
        Text("Error message", "报错信息"),
        Text(
            "What is the full text of the error message, or the error code? A log or a screenshot helps too.",
            "请提供完整的报错信息或错误代码，也可以上传日志或截图。",
        ),
    ),
    "steps": BuiltIn(
        Text("Steps to reproduce", "操作步骤"),
        Text(
            "What did you do, step by step, before it happened? Does it happen every time?",
            "出现问题前的操作步骤是什么？是否每次都会出现？",
        ),
    ),
    "environment": BuiltIn(
        Text("Environment", "运行环境"),
        Text(
            "Which operating system do you use, and which other programs were running at that time?",
            "您的操作系统是什么？当时还有哪些程序在运行？",
        ),
    ),
}


class FieldKind(OpenTerm):
    TEXT = "text", "text", "单行文本"
    TEXTAREA = "textarea", "text of several lines", "多行文本"
    INTEGER = "integer", "whole number", "整数"
    DECIMAL = "decimal", "number", "数字"
    DATE = "date", "date", "日期"
    CHECKBOX = "checkbox", "yes or no", "是或否"
    DROPDOWN = "dropdown", "choice", "单选"


class Requirement(OpenTerm):
    ALWAYS = "always", "always", "始终"
    MALFUNCTION = "malfunction", "only for malfunctions", "仅故障时"
    NEVER = "never", "never asked for", "不主动询问"


class Option(Value):
    """One of the answers that a dropdown offers."""

    value: str
    name_zh: str = ""
    name_en: str = ""

    @property
    def label(self) -> Text:
        return Text(self.name_en or self.name_zh or self.value, self.name_zh or self.name_en or self.value)


YES_OR_NO_OPTIONS = [
    Option(value="true", name_zh="是", name_en="Yes"),
    Option(value="false", name_zh="否", name_en="No"),
]


class Condition(Value):
    """Holds when `field` has one of these values; without values, when it has any."""

    field: str
    values: list[str] = Field(default_factory=list)

    def holds(self, problem: Problem) -> bool:
        said = value_of(problem, self.field).casefold()
        return bool(said) and (not self.values or said in {one.casefold() for one in self.values})


class FormField(Value):
    """`key` is one of BUILT_IN, or names a custom field. What is `required` is asked for where `only_if` holds."""

    key: str
    kind: FieldKind = FieldKind.TEXT
    name_zh: str = ""
    name_en: str = ""
    question_zh: str = ""
    question_en: str = ""
    pattern: str = ""
    options: list[Option] = Field(default_factory=list)
    required: Requirement = Requirement.ALWAYS
    only_if: Condition | None = None

    @property
    def is_custom(self) -> bool:
        return self.key not in BUILT_IN

    @property
    def label(self) -> Text:
        if not (self.name_en or self.name_zh):
            return BUILT_IN[self.key].label
        return Text(self.name_en or self.name_zh, self.name_zh or self.name_en)

    @property
    def choices(self) -> Sequence[Option]:
        """All that can be answered, where that is a list."""
        return YES_OR_NO_OPTIONS if self.kind == FieldKind.CHECKBOX else self.options

    @property
    def question(self) -> Question:
        """In its own words, else in those of what is built in, else by its name; with what can be chosen, since many
        read it in a message."""
        known = self.label if self.is_custom else BUILT_IN[self.key].question
        en, zh = self.question_en or self.question_zh or known.en, self.question_zh or self.question_en or known.zh
        if self.options:
            offered = _listed(self.options)
            en, zh = f"{en} ({offered.en})", f"{zh}（{offered.zh}）"
        return Question(field=self.key, en=en, zh=zh)

    def is_asked(self, problem: Problem, malfunction: bool) -> bool:
        if self.required == Requirement.NEVER or (self.required == Requirement.MALFUNCTION and not malfunction):
            return False
        return self.only_if is None or self.only_if.holds(problem)

    def read(self, said: str, place: str) -> str:
        """The answer as it is kept; empty for none. Raises Invalid, which names `place`."""
        if self.kind == FieldKind.TEXTAREA or not self.is_custom:
            text = str(without_controls(said)).strip()
        else:
            text = str(on_one_line(said)).strip()
        if not text:
            return ""
        most = LINE if self.kind != FieldKind.TEXTAREA else PARAGRAPH
        if self.is_custom and len(text) > most:
            raise Invalid(f"At most {most} characters", f"最多 {most} 个字符", place)
        found = READERS.get(self.kind, FormField._as_text)(self, text)
        if found is None:
            raise Invalid(*self._expected(), place)
        return found

    def reads(self, said: str) -> bool:
        """Whether it is an answer."""
        try:
            return bool(self.read(said, ""))
        except Invalid:
            return False

    def shown(self, said: str) -> Text:
        """As people read it."""
        return next((one.label for one in self.choices if one.value == said), Text(said, said))

    def _as_text(self, text: str) -> str | None:
        """A text of several lines has no pattern."""
        return text if not self.pattern or (len(text) <= LINE and compiled(self.pattern).matches(text)) else None

    def _as_integer(self, text: str) -> str | None:
        digits = text.removeprefix("-")
        return str(int(text)) if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS else None

    def _as_decimal(self, text: str) -> str | None:
        whole, point, rest = text.removeprefix("-").partition(".")
        digits = whole + rest
        is_number = (
            digits.isascii() and digits.isdigit() and len(digits) <= DIGITS and whole and bool(rest) == bool(point)
        )
        return text if is_number else None

    def _as_date(self, text: str) -> str | None:
        try:
            return date.fromisoformat(text).isoformat() if len(text) == len("2026-03-02") else None
        except ValueError:
            return None

    def _as_checkbox(self, text: str) -> str | None:
        known = text.casefold()
        return "true" if known in YES else "false" if known in NO else None

    def _as_option(self, text: str) -> str | None:
        known = text.casefold()
        fitting = (one for one in self.options if known in {one.value.casefold(), *(n.casefold() for n in one.label)})
        return next((one.value for one in fitting), None)

    def _expected(self) -> Text:
        en, zh = self.label
        if self.kind == FieldKind.DROPDOWN:
            known = _listed(self.options)
            return Text(f"{en}: choose one of {known.en}", f"{zh}：请从以下选项中选择：{known.zh}")
        if self.pattern:
            return Text(f"{en}: does not have the form {self.pattern}", f"{zh}：格式不符合要求：{self.pattern}")
        wanted = EXPECTED.get(self.kind, Text("not valid", "内容无效"))
        return Text(f"{en}: {wanted.en}", f"{zh}：{wanted.zh}")


READERS = {
    FieldKind.INTEGER: FormField._as_integer,
    FieldKind.DECIMAL: FormField._as_decimal,
    FieldKind.DATE: FormField._as_date,
    FieldKind.CHECKBOX: FormField._as_checkbox,
    FieldKind.DROPDOWN: FormField._as_option,
}
EXPECTED = {
    FieldKind.INTEGER: Text("enter a whole number", "请填写整数"),
    FieldKind.DECIMAL: Text("enter a number", "请填写数字"),
    FieldKind.DATE: Text("enter a date such as 2026-03-02", "请填写日期，例如 2026-03-02"),
    FieldKind.CHECKBOX: Text("answer yes or no", "请回答“是”或“否”"),
}


def _listed(options: Sequence[Option]) -> Text:
    return Text(", ".join(one.label.en for one in options), "、".join(one.label.zh for one in options))


def value_of(problem: Problem, key: str) -> str:
    """What is known of a field, built in or custom; empty for nothing."""
    return str(getattr(problem, key)) if key in BUILT_IN else problem.custom_fields.get(key, "")


def with_values(problem: Problem, values: Mapping[str, str]) -> Problem:
    """Each in its place; an empty one of a custom field takes it away. Raises Invalid where there is no room."""
    known: dict[str, object] = {key: said for key, said in values.items() if key in BUILT_IN}
    custom = {key: said for key, said in values.items() if key not in BUILT_IN}
    if custom:
        if not has_room(problem, custom):
            raise Invalid(
                f"The custom fields can have at most {CUSTOM_BYTES} bytes",
                f"自定义字段最多 {CUSTOM_BYTES} 字节",
                "body",
            )
        known["custom_fields"] = {k: v for k, v in {**problem.custom_fields, **custom}.items() if v}
    return problem.model_copy(update=known)


def has_room(problem: Problem, values: Mapping[str, str]) -> bool:
    custom = {key: said for key, said in values.items() if key not in BUILT_IN}
    return len(json.dumps({**problem.custom_fields, **custom}, ensure_ascii=False).encode()) <= CUSTOM_BYTES

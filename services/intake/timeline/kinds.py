"""What the timeline keeps and says of a kind of event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from shared.events import CallState, Candidate, RelationKind
from shared.terms import (
    Category,
    Channel,
    ClockKind,
    OpenTerm,
    Outcome,
    Priority,
    Satisfaction,
    Stage,
    Text,
    WaitingFor,
)

EXCERPT_BYTES = 300  # of a text
ITEM_BYTES = 100  # of a text in a list
ITEMS = 20  # of a list
MARK = "…"
Detail = str | int | float | bool | list[str]
Details = Mapping[str, Any]
Labels = Mapping[str, Text]
NO_LABELS: Labels = {}
CUSTOM = "custom_fields."


class Group(StrEnum):
    """Which part of the work on a ticket an entry belongs to."""

    MESSAGES = "messages"
    CHANGES = "changes"
    PROCESS = "process"
    CONSENTS = "consents"
    FEEDBACK = "feedback"
    WORK = "work"
    CLOCKS = "clocks"
    KNOWLEDGE = "knowledge"
    DELIVERIES = "deliveries"
    LINKS = "links"
    OTHER = "other"


@dataclass(frozen=True)
class Kind:
    """`text` is what people read, with details in braces; `keep` names the fields that become details. Customers see
    the details in `shown`, and where it is None not even that it happened. `reason` is the field with the reason,
    `changes` gives (field, before, after); customers see both where `shown` names them."""

    group: Group
    text: Text | Callable[[Details], Text]
    keep: tuple[str, ...] = ()
    shown: tuple[str, ...] | None = None
    reason: str = ""
    changes: Callable[[Any], list[tuple[str, Any, Any]]] = lambda _: []

    def text_of(self, details: Details, labels: Labels = NO_LABELS) -> Text:
        """`labels` name the fields that the desk itself declared."""
        text = self.text(details) if callable(self.text) else self.text
        words = ((said, _Words(details, language, labels)) for said, language in zip(text, LANGUAGES, strict=True))
        return Text(*(said.format_map(known) for said, known in words))


LANGUAGES = ("en", "zh")
# What stands in these details is a word of the process.
TERMS: dict[str, type[OpenTerm]] = {
    "channel": Channel,
    "category": Category,
    "priority": Priority,
    "satisfaction": Satisfaction,
    "clock": ClockKind,
    "outcome": Outcome,
    "waiting_for": WaitingFor,
    "waited_for": WaitingFor,
    "before": Stage,
    "after": Stage,
    "relation": RelationKind,
    "state": CallState,
}
LABELS = {
    "title": Text("title", "标题"),
    "description": Text("description", "问题描述"),
    "product": Text("product", "产品"),
    "product_version": Text("product version", "产品版本"),
    "module": Text("module", "模块"),
    "environment": Text("environment", "运行环境"),
    "steps": Text("steps to reproduce", "操作步骤"),
    "error_text": Text("error message", "报错信息"),
    "custom_fields": Text("custom fields", "自定义字段"),
    "users_affected": Text("users affected", "受影响用户数"),
    "business_blocked": Text("business impact", "业务影响"),
    "accept_solution": Text("accept the solution", "确认解决方案有效"),
    "reject_solution": Text("reject the solution", "反馈解决方案无效"),
    "give_feedback": Text("rate the service", "评价服务"),
    "give_consent": Text("consent to remote assistance", "授权远程协助"),
    "answer_questions": Text("answer questions", "回答问题"),
}
LABELLED = ("changed", "questions", "answers", "unfit", "action")


class _Words(dict[str, str]):
    """Details as they stand in a sentence; one that is not there is left out."""

    def __init__(self, details: Details, language: str, labels: Labels) -> None:
        super().__init__({name: _word(name, value, language, labels) for name, value in details.items()})

    def __missing__(self, _: str) -> str:
        return ""


def label_of(field: str, labels: Labels) -> Text:
    """As people call it; its name where nobody says."""
    name = field.removeprefix(CUSTOM)
    return labels.get(name) or LABELS.get(name) or Text(name, name)


def _word(name: str, value: Any, language: str, labels: Labels) -> str:
    if isinstance(value, list):
        return ("、" if language == "zh" else ", ").join(_word(name, one, language, labels) for one in value)
    if name in TERMS and value:
        return TERMS[name].of(str(value)).label.in_(language)
    if name in LABELLED:
        return label_of(str(value), labels).in_(language)
    return str(value)


def excerpt(text: str, limit: int = EXCERPT_BYTES) -> str:
    """The beginning of a text in at most so many bytes."""
    raw = text.encode(errors="replace")
    if len(raw) <= limit:
        return raw.decode()
    return raw[: limit - len(MARK.encode())].decode(errors="ignore") + MARK


def detail(value: Any, limit: int = EXCERPT_BYTES) -> Detail | None:
    """A value of an event in few bytes; None where there is nothing to say."""
    if isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)[:ITEM_BYTES]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return excerpt(str(value), limit) or None
    if isinstance(value, dict):
        value = list(value)
    if isinstance(value, list) and value:
        return [excerpt(_named(one), ITEM_BYTES) for one in value[:ITEMS]]
    return None


def _named(one: Any) -> str:
    """A question or an answer is named by its field, a suggestion by its article, a person by their name, a candidate
    by who it is and their score."""
    if isinstance(one, Candidate):
        return f"{one.engineer} ({one.score})"
    if isinstance(one, BaseModel):
        return str(getattr(one, "field", "") or getattr(one, "article", "") or getattr(one, "name", ""))
    return str(one)

"""A macro: what is said to the customer, in both languages, and what is done to the ticket."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from services.intake.keeping.domain import Kept
from shared.domain import Invalid, Value

MOST_OWN, MOST_SHARED = 50, 200
MOST_CHANGES = 10
MOST_BYTES = 40_000
FIELDS = (
    "ticket.number",
    "ticket.title",
    "ticket.product",
    "ticket.product_version",
    "ticket.module",
    "ticket.status",
    "ticket.stage",
    "ticket.assignee",
    "contact.name",
    "contact.company",
    "agent.name",
)
FIELD = re.compile(r"\{\{ ?([a-z_.]{1,40}) ?\}\}")
SHOWN = 60  # characters of a field that nobody knows


class MacroChange(Value):
    """As people sent it."""

    action: str
    body: dict[str, Any]


class Macro(Kept):
    """A text in both languages or in none; fields in it are named as in `{{ticket.number}}`."""

    text_zh: str = ""
    text_en: str = ""
    changes: list[MacroChange] = Field(default_factory=list)

    def require_valid(self) -> None:
        """Raises Invalid."""
        self.require_name()
        if bool(self.text_zh) != bool(self.text_en):
            missing = "text_en" if self.text_zh else "text_zh"
            raise Invalid("A text is required in both languages", "中英文文本必须同时填写", f"body.{missing}")
        if not (self.text_zh or self.changes):
            raise Invalid("A text or a change is required", "请至少填写文本或一项更改", "body.text_zh")
        for name in ("text_zh", "text_en"):
            require_known_fields(getattr(self, name), f"body.{name}")
        if len(self.model_dump_json().encode()) > MOST_BYTES:
            raise Invalid(f"A macro can have at most {MOST_BYTES} bytes", f"宏的内容不得超过 {MOST_BYTES} 字节", "body")

    def text_in(self, language: str) -> str:
        return self.text_zh if language.startswith("zh") else self.text_en


def require_known_fields(text: str, where: str) -> None:
    """Raises Invalid."""
    left = FIELD.sub(lambda found: " " if found[1] in FIELDS else found[0], text)
    if (at := left.find("{{")) >= 0:
        unknown = left[at : at + SHOWN].partition("}}")
        what = unknown[0] + unknown[1]
        raise Invalid(
            f"{what} is not a field; known fields: {', '.join(FIELDS)}",
            f"{what} 不是可用字段；可用字段：{'、'.join(FIELDS)}",
            where,
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """Once: what a value says is text, also where it looks like a field."""
    return FIELD.sub(lambda found: values.get(found[1], found[0]), text)

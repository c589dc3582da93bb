"""Ticket forms, each for a product or all and a category or all, in versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime, Field

from services.intake.forms.defaults import DEFAULT_FIELDS
from services.intake.forms.fields import BUILT_IN, FieldKind, FormField, value_of
from services.intake.forms.patterns import compiled
from shared.domain import Aggregate, Conflict, Invalid, Value
from shared.events import Event, Problem, Question
from shared.terms import Text

MOST_FORMS, MOST_FIELDS, MOST_OPTIONS = 200, 20, 50
MOST_VERSIONS = 20  # that are kept on record, the newest
FORM_BYTES = 32_000  # of a version's fields in JSON: a ticket keeps those by which it was asked
RESERVED = ("title", "description", "users_affected", "business_blocked", "custom_fields")
TEXTS = (FieldKind.TEXT, FieldKind.TEXTAREA, FieldKind.DROPDOWN)  # what a field that is built in may be


class FormExists(Conflict):
    title = Text("A form for this product and category already exists", "该产品和类别已有表单")


class FormVersion(Value):
    """`number` is the version of the record that the change made."""

    number: int
    fields: list[FormField]
    changed_at: AwareDatetime
    changed_by: str = ""


class AppliedForm(Value):
    """The version of a form by which a ticket was asked; `form` is empty for what is asked where none is declared."""

    form: str = ""
    number: int = 0
    fields: Sequence[FormField] = DEFAULT_FIELDS

    @property
    def is_declared(self) -> bool:
        return bool(self.form)

    def field(self, key: str) -> FormField | None:
        return next((one for one in self.fields if one.key == key), None)

    def missing(self, problem: Problem, malfunction: bool, told: Sequence[str] = ()) -> list[str]:
        """What has to be asked for, in the order of the form; `told` are those that the text tells without saying
        what is their value."""
        asked = (one for one in self.fields if one.is_asked(problem, malfunction))
        return [one.key for one in asked if not value_of(problem, one.key) and one.key not in told]

    def questions(self, keys: Sequence[str]) -> list[Question]:
        return [one.question for key in keys if (one := self.field(key))]

    def read(self, problem: Problem, place: str) -> Problem:
        """With its custom fields, and what is built in and has a pattern, as they are kept. Raises Invalid for what is
        no answer, and for a field that is not asked."""
        read: dict[str, str] = {}
        for key, said in problem.custom_fields.items():
            one = self.field(key)
            if one is None or not one.is_custom:
                raise Invalid(f"There is no field {key}", f"没有字段 {key}", f"{place}custom_fields.{key}")
            read[key] = one.read(said, f"{place}custom_fields.{key}")
        for one in self.fields:
            if not one.is_custom:
                one.read(value_of(problem, one.key), f"{place}{one.key}")
        return problem.model_copy(update={"custom_fields": {key: said for key, said in read.items() if said}})

    def taken(self, key: str, said: str) -> str:
        """What somebody wrote as it is kept; empty for what is no answer."""
        one = self.field(key)
        try:
            return one.read(said, "") if one else said
        except Invalid:
            return ""

    def why_not(self, key: str, said: str) -> Text | None:
        """Why what somebody wrote is no answer; None if it is one."""
        one = self.field(key)
        try:
            if one:
                one.read(said, "")
        except Invalid as refused:
            return refused.detail
        return None


DEFAULT = AppliedForm()


class TicketForm(Aggregate):
    """`product` is the id of one, empty for all; `category` likewise. No two have both in common."""

    prefix: ClassVar[str] = "TF-"

    product: str = ""
    category: str = ""
    active: bool = True
    versions: list[FormVersion] = Field(default_factory=list)

    @property
    def scope(self) -> str:
        return f"{self.product}/{self.category}"

    @property
    def current(self) -> FormVersion:
        return self.versions[-1]

    def lean(self) -> "TicketForm":
        """Without the versions that hold no more."""
        return self.model_copy(update={"versions": self.versions[-1:]})

    def declare(self, fields: Sequence[FormField] | None, active: bool | None, by: str, now: datetime) -> list[Event]:
        """None leaves it as it is. Tickets that were asked keep the version by which they were. Raises Invalid."""
        if active is not None:
            self.active = active
        if fields is not None and not (self.versions and list(fields) == self.current.fields):
            check_fields(fields)
            new = FormVersion(number=self.version + 1, fields=list(fields), changed_at=now, changed_by=by)
            self.versions = [*self.versions, new][-MOST_VERSIONS:]
        return []


def check_fields(fields: Sequence[FormField]) -> None:
    """Raises Invalid for what cannot be asked."""
    known: list[str] = []
    for at, one in enumerate(fields):
        place = f"body.fields.{at}"
        if one.key in known or one.key in RESERVED:
            raise Invalid(f"{one.key} cannot be used again", f"{one.key} 已被使用", f"{place}.key")
        if one.is_custom and not (one.name_zh or one.name_en):
            raise Invalid(
                "`name_zh` or `name_en` is required", "`name_zh` 和 `name_en` 至少填写一项", f"{place}.name_zh"
            )
        if not one.is_custom and one.kind not in TEXTS:
            raise Invalid(f"{one.key} is a text", f"{one.key} 只能是文本", f"{place}.kind")
        if (one.kind == FieldKind.DROPDOWN) != bool(one.options):
            raise Invalid("A dropdown has options, and nothing else has", "仅单选字段需要填写选项", f"{place}.options")
        if len({option.value.casefold() for option in one.options}) != len(one.options):
            raise Invalid("An option is there twice", "选项重复", f"{place}.options")
        if one.pattern and one.kind != FieldKind.TEXT:
            raise Invalid("Only a text of one line has a pattern", "仅单行文本可设置格式规则", f"{place}.pattern")
        if one.pattern:
            compiled(one.pattern)
        if one.only_if and one.only_if.field not in (*known, *BUILT_IN):
            raise Invalid(
                "`only_if` names a field before this one", "`only_if` 须为此前的字段", f"{place}.only_if.field"
            )
        known.append(one.key)
    if sum(len(one.model_dump_json().encode()) for one in fields) > FORM_BYTES:
        raise Invalid(f"A form can have at most {FORM_BYTES} bytes", f"每个表单最多 {FORM_BYTES} 字节", "body.fields")

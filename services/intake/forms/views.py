"""Ticket forms as people send and see them."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from services.intake.forms.domain import MOST_FIELDS, MOST_OPTIONS, TicketForm
from services.intake.forms.fields import FieldKind, FormField, Requirement
from services.intake.forms.patterns import MOST_CHARACTERS
from shared.category_keys import CategoryKey
from shared.http import Body, View, example
from shared.terms import Category, Id, Known, Line, OptionalLine, YesOrNo

FieldKey = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern="^[a-z][a-z0-9_]*$")]
Name = Annotated[OptionalLine, Field(max_length=80)]
Words = Annotated[OptionalLine, Field(max_length=200)]
Value = Annotated[Line, Field(max_length=80)]


class OptionBody(Body):
    """One of the answers that a dropdown offers."""

    value: Value
    """What is kept"""
    name_zh: Name = ""
    """In Chinese"""
    name_en: Name = ""
    """In English"""


class ConditionBody(Body):
    """When a field is asked for."""

    field: FieldKey
    """Another field, before this one or built in"""
    values: Annotated[list[Value], Field(max_length=MOST_OPTIONS)] = Field(default_factory=list)
    """It has one of these values; empty: it has any"""


class FieldBody(Body):
    """A field of a form."""

    key: FieldKey
    """Built in: product, product_version, module, environment, steps, error_text; any other is a custom field"""
    kind: Known[FieldKind] = FieldKind.TEXT
    """text, textarea, integer, decimal, date, checkbox (true or false) or dropdown (one of `options`)"""
    name_zh: Name = ""
    """What forms call it, in Chinese"""
    name_en: Name = ""
    """In English; a custom field needs one of the two"""
    question_zh: Words = ""
    """How it is asked for, in Chinese; empty: by its name"""
    question_en: Words = ""
    """In English"""
    pattern: Annotated[str, Field(max_length=MOST_CHARACTERS)] = ""
    r"""What a text has to look like as a whole: letters, `.`, classes, `\d \w \s`, groups, `|`, `? * + {n,m}`; empty
    for anything"""
    options: Annotated[list[OptionBody], Field(max_length=MOST_OPTIONS)] = Field(default_factory=list)
    """Of a dropdown, in their order"""
    required: Known[Requirement] = Requirement.ALWAYS
    """`always`, only for a `malfunction`, or `never`: then it is on forms and nobody is asked for it"""
    only_if: ConditionBody | None = None
    """It is asked for only then; null: in any case"""

    def declared(self) -> FormField:
        return FormField.model_validate(self.model_dump())


Fields = Annotated[list[FieldBody], Field(max_length=MOST_FIELDS)]


class NewForm(Body):
    model_config = example(
        product="",
        category="environment",
        fields=[
            {"key": "environment"},
            {
                "key": "database",
                "kind": "dropdown",
                "name_zh": "数据库",
                "name_en": "Database",
                "options": [{"value": "oracle", "name_en": "Oracle"}, {"value": "dm8", "name_zh": "达梦 8"}],
            },
        ],
    )

    product: Id | Literal[""] = ""
    """The id of a product; empty for all that have no form of their own"""
    category: CategoryKey | None = None
    """operation, environment, function or data, as triage finds it; null for any"""
    fields: Fields
    """What is asked for, the most telling first"""
    active: YesOrNo = True
    """Whether it holds"""


class FormAmendment(Body):
    model_config = example(fields=[{"key": "error_text", "kind": "textarea", "required": "malfunction"}])

    fields: Fields | None = None
    """All that is asked for from now on: a new version"""
    active: YesOrNo | None = None
    """Whether it holds"""


class OptionView(View):
    value: str
    """What is kept"""
    name_zh: str
    """In Chinese"""
    name_en: str
    """In English"""


class ConditionView(View):
    field: str
    """Another field"""
    values: list[str]
    """It has one of these values; empty: it has any"""


class FieldView(View):
    key: str
    """One that is built in, or a custom field"""
    kind: FieldKind
    """What an answer is"""
    name_zh: str
    """What forms call it, in Chinese"""
    name_en: str
    """In English"""
    question_zh: str
    """How it is asked for, in Chinese; empty: by its name"""
    question_en: str
    """In English"""
    pattern: str
    """What a text has to look like; empty for anything"""
    options: list[OptionView]
    """Of a dropdown"""
    required: Requirement
    """When it is asked for"""
    only_if: ConditionView | None
    """It is asked for only then; null: in any case"""


class FormVersionView(View):
    """A form as it was from one change to the next."""

    number: int
    """The version of the record that the change made"""
    fields: list[FieldView]
    """What is asked for"""
    changed_at: datetime
    """When it was declared"""
    changed_by: str
    """Who did, as a subject"""


class FormView(View):
    """A ticket form."""

    id: str
    """Its id"""
    version: int
    """Counts the changes of the record; the ETag names it"""
    product: str
    """The id of a product; empty for all that have no form of their own"""
    category: Category | None
    """The category; null for any"""
    active: bool
    """Whether it holds"""
    current: FormVersionView
    """What is asked for now"""
    earlier: list[int]
    """The numbers of the versions before, as far as they are kept"""

    @classmethod
    def of(cls, form: TicketForm) -> Self:
        return cls(
            id=form.id,
            version=form.version,
            product=form.product,
            category=Category.of(form.category) if form.category else None,
            active=form.active,
            current=FormVersionView.model_validate(form.current),
            earlier=[one.number for one in form.versions[:-1]],
        )

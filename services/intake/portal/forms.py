"""What people fill in. A field is named as in the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.intake.forms.domain import MOST_FIELDS, AppliedForm
from shared.domain import Invalid
from shared.events import Problem
from shared.http.messages import message
from shared.terms import Line, OptionalLine, OptionalParagraph, Paragraph, Text

CUSTOM = "field_"  # begins the name of a custom field on a page
NOTHING: Mapping[str, str] = {}
F = TypeVar("F", bound=BaseModel)
FIELDS = ("title", "description", "product", "product_version", "module", "error_text", "steps", "environment")


class RequestForm(BaseModel):
    model_config = ConfigDict(extra="ignore")

    title: Line
    description: Paragraph
    product: OptionalLine = ""
    product_version: OptionalLine = ""
    module: OptionalLine = ""
    error_text: OptionalParagraph = ""
    steps: OptionalParagraph = ""
    environment: OptionalLine = ""
    business_blocked: bool = False

    def problem(self, custom_fields: Mapping[str, str] = NOTHING) -> Problem:
        known = self.model_dump()
        blocked = True if self.business_blocked else None
        return Problem(**{**known, "business_blocked": blocked, "custom_fields": dict(custom_fields)})


class MessageForm(BaseModel):
    text: Paragraph


class AnswersForm(BaseModel):
    """By the field that was asked for; what is empty is not answered yet."""

    answer: Annotated[dict[str, OptionalParagraph], Field(max_length=MOST_FIELDS)]

    @property
    def given(self) -> dict[str, str]:
        return {name: said for name, said in self.answer.items() if said}


class UrgeForm(BaseModel):
    comment: OptionalLine = ""


class ReviewForm(BaseModel):
    accepted: bool
    comment: OptionalParagraph = ""


class RatingForm(BaseModel):
    satisfaction: str
    comment: OptionalParagraph = ""


def declared(form: AppliedForm, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Text]]:
    """What is filled in of the fields of a ticket form as it is kept, custom fields alone, and what is wrong with any:
    by the names that they have on the page."""
    read: dict[str, str] = {}
    errors: dict[str, Text] = {}
    for one in form.fields:
        name = f"{CUSTOM}{one.key}" if one.is_custom else one.key
        try:
            said = one.read(values.get(name, ""), name)
        except Invalid as wrong:
            errors[name] = wrong.detail
        else:
            read |= {one.key: said} if one.is_custom and said else {}
    return read, errors


@dataclass(frozen=True)
class Filled:
    """As it was filled in, and what is wrong with it, by field."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Text] = field(default_factory=dict)


def checked(kind: type[F], values: Mapping[str, object]) -> tuple[F | None, dict[str, Text]]:
    """The form, or what is wrong with its fields."""
    try:
        return kind.model_validate(values), {}
    except ValidationError as error:
        return None, {"_".join(map(str, one["loc"])): message(dict(one)) for one in error.errors()}


def valid(kind: type[F], values: Mapping[str, object]) -> F:
    """Raises Invalid with the first thing that is wrong."""
    form, errors = checked(kind, values)
    if form is None:
        name, wrong = next(iter(errors.items()))
        raise Invalid(*wrong, name)
    return form

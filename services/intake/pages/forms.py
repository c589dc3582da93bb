"""Forms of pages: what was filled in, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from shared.domain import Invalid
from shared.http.messages import message
from shared.terms import OptionalParagraph, Text

F = TypeVar("F", bound=BaseModel)
ANSWER = "answer_"
MOST_ANSWERS = 60


class AnswersForm(BaseModel):
    """By the field that was asked for; what is empty is not answered yet."""

    answer: Annotated[dict[str, OptionalParagraph], Field(max_length=MOST_ANSWERS)]

    @property
    def given(self) -> dict[str, str]:
        return {name: said for name, said in self.answer.items() if said}


def answers_in(values: Mapping[str, str]) -> dict[str, str]:
    """What was answered, in fields called `answer_…` after what was asked for. Raises Invalid."""
    said = {name.removeprefix(ANSWER): text for name, text in values.items() if name.startswith(ANSWER)}
    return valid(AnswersForm, {"answer": said}).given


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

"""Bodies, pages and parameters."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Generic, Self, TypeVar

from fastapi import Query
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails

T = TypeVar("T")
Place = tuple[int | str, ...]
# For a header or parameter that may be sent empty, as browsers' event sources do: as if it were not there.
EMPTY_IS_NONE = BeforeValidator(lambda value: None if value == "" else value)


class Body(BaseModel):
    """A request body: unknown fields are errors, also inside the values that it holds, so that a misspelt one is not
    ignored silently."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="after")
    def _knows_every_field(self) -> Self:
        """Documents keep what they do not know (`Value`)."""
        if unknown := list(_unknown_fields((), self)):
            errors = [InitErrorDetails(type="extra_forbidden", loc=loc, input=value) for loc, value in unknown]
            raise ValidationError.from_exception_data(type(self).__name__, errors)
        return self


def _unknown_fields(place: Place, value: Any) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, BaseModel):
        for name, extra in (value.model_extra or {}).items():
            yield (*place, name), extra
        value = value.__dict__
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _unknown_fields((*place, str(name)), one)
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _unknown_fields((*place, number), one)


def example(**fields: Any) -> ConfigDict:
    """Of a body, for the documents."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class View(BaseModel):
    """What is shown of something, made of it by `model_validate`: a field that it has under another name says so by
    `validation_alias`. The sentence below a field is its description in the documents."""

    model_config = ConfigDict(
        from_attributes=True, use_attribute_docstrings=True, validate_by_name=True, validate_by_alias=True
    )


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T] = Field(description="In the order of the list")
    next: str | None = Field(None, description="The `after` of the following page; null on the last")


Cursor = Annotated[str, StringConstraints(max_length=400)]
After = Annotated[Cursor | None, EMPTY_IS_NONE, Query(description="`next` of the page before")]
WORDS = Query(min_length=1, max_length=2000, description="Words to search for, in Chinese or English")


class Sort(StrEnum):
    """The order of a list of things that come one after the other."""

    NEWEST = "newest"
    OLDEST = "oldest"


Sorted = Annotated[Sort, Query(description="Which come first")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many a page holds at most")]

"""Bodies, pages and parameters."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

T = TypeVar("T")
# For a header or parameter that may be sent empty, as browsers' event sources do: as if it were not there.
EMPTY_IS_NONE = BeforeValidator(lambda value: None if value == "" else value)


class Body(BaseModel):
    """A request body: unknown fields are errors, so that a misspelt one is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the `after` of the following page, absent on the last."""

    items: list[T]
    next: str | None = None


Cursor = Annotated[str, StringConstraints(max_length=400)]
After = Annotated[Cursor | None, EMPTY_IS_NONE, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100)]

"""Keys of categories and queues as people send them: which ones there are, the records of triage say."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.terms import Category

PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
_KEY = re.compile(PATTERN)
_SCHEMA: dict[str, Any] = {
    "type": "string",
    "title": "Category",
    "pattern": PATTERN,
    "examples": [one.value for one in Category],
}


def _is_key(value: Category) -> Category:
    if not _KEY.fullmatch(value.value):
        raise PydanticCustomError("category", "Input should be the key of a category, such as function")
    return value


CategoryKey = Annotated[Category, AfterValidator(_is_key), WithJsonSchema(_SCHEMA)]
Key = Annotated[str, StringConstraints(pattern=PATTERN)]

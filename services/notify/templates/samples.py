"""Something to show a template with: a value of any model that events and audiences are made of, which says by its
texts which of its fields they are."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

M = TypeVar("M", bound=BaseModel)
MOMENT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def sample_of(model: type[M]) -> M:
    fields = {name: _value(name, field.annotation) for name, field in model.model_fields.items()}
    return model.model_construct(**fields)


def _value(name: str, kind: Any) -> Any:
    origin, inside = get_origin(kind), [one for one in get_args(kind) if one is not type(None)]
    if origin is Annotated or origin is Union or origin is UnionType:
        return _value(name, inside[0])
    if origin in (list, tuple):
        return [_value(name, inside[0])]
    if origin in (dict, Mapping):
        return {}
    if origin is not None:
        return inside[0]  # a literal
    if issubclass(kind, BaseModel):
        return sample_of(kind)
    if issubclass(kind, Enum):
        return next(iter(kind))
    if kind is AwareDatetime or issubclass(kind, datetime):
        return MOMENT
    if kind in (bool, int, float):
        return kind(1)
    return f"<{name}>"

"""What can be found of an article or a case, and how much each part of it counts."""

from dataclasses import dataclass

from pydantic import PrivateAttr

from shared.domain import Aggregate
from shared.terms import Category


class Placed(Aggregate):
    """What the search shows. `_place` says where its last change that can be found stands among those of all."""

    _place: int = PrivateAttr(0)


@dataclass(frozen=True)
class Field:
    """A part of an entry, and how much a word in it counts."""

    text: str
    weight: float = 1.0
    short: bool = False


@dataclass(frozen=True)
class Entry:
    title: str
    category: Category | None
    article: str  # itself, or the one that solved the case
    fields: tuple[Field, ...]
    fingerprints: tuple[str, ...]

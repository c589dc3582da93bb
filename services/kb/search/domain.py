"""What is searched, and what a search finds."""

from abc import abstractmethod
from dataclasses import dataclass

from pydantic import PrivateAttr

from shared.domain import Aggregate
from shared.terms import Category


@dataclass(frozen=True)
class TextField:
    """A part of an entry. A word in it counts `weight` times; a `short` one is searched by single characters too."""

    text: str
    weight: float = 1.0
    short: bool = False


@dataclass(frozen=True)
class Entry:
    """What is searched of one article or case, and what a result shows of it."""

    title: str
    category: Category | None
    article: str  # itself, or the one that solved the case
    fields: tuple[TextField, ...]
    fingerprints: tuple[str, ...]


class Searchable(Aggregate):
    """An aggregate with an entry in the search. `_position` is that of the entry's last change among all changes."""

    _position: int = PrivateAttr(0)

    @abstractmethod
    def entry(self) -> Entry | None:
        """None when it must not be found."""


@dataclass(frozen=True)
class FoundCase:
    """An archived case that matches; `article` is the one that solved it or was drafted from it, empty if none."""

    ticket: str
    title: str
    score: float
    category: Category | None
    article: str

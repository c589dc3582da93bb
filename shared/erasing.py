"""Taking a person out of what is kept: their words are blanked, and what names them is taken out of all other texts."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

ERASED = "（已删除 · erased）"
SHORT = 6  # letters: what is shorter would stand in other words too, and counts only as a whole
HAN, WORTH = "\u2e80", 3  # from this on a character says as much as so many letters


def blanked(value: Any, keep: Collection[str]) -> Any:
    """The same without a word in it: every text that does not stand under one of these names. Names that begin with an
    underscore are the store's own."""
    if type(value) is str:  # a term is no word of anybody
        return ERASED if value else value
    if isinstance(value, Mapping):
        return {
            name: one if name in keep or name.startswith("_") else blanked(one, keep) for name, one in value.items()
        }
    if isinstance(value, list):
        return [blanked(one, keep) for one in value]
    return value


class Needles:
    """What a person is known by: accounts, addresses, numbers, perhaps names; without regard to case."""

    def __init__(self, known: Sequence[str]) -> None:
        found = sorted({one for one in known if one}, key=lambda one: (-len(one), one))
        self._whole = frozenset(one.casefold() for one in found if _weight(one) < SHORT)
        parts = [re.escape(one) for one in found if _weight(one) >= SHORT]
        self._pattern = re.compile("|".join(parts), re.IGNORECASE) if parts else None
        self._bytes = [one.encode() for one in found if _weight(one) >= SHORT]

    def scrubbed(self, value: Any) -> Any:
        """The same with a mark in their place."""
        if isinstance(value, str):
            if value.casefold() in self._whole:
                return ERASED
            return self._pattern.sub(ERASED, value) if self._pattern else value
        if isinstance(value, Mapping):
            return {name: self.scrubbed(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.scrubbed(one) for one in value]
        return value

    def are_in(self, value: Any) -> bool:
        """Also in bytes, as events are kept."""
        if isinstance(value, str):
            return value.casefold() in self._whole or bool(self._pattern and self._pattern.search(value))
        if isinstance(value, bytes):
            return any(one in value for one in self._bytes)
        if isinstance(value, Mapping):
            return any(self.are_in(name) or self.are_in(one) for name, one in value.items())
        if isinstance(value, list):
            return any(self.are_in(one) for one in value)
        return False


def _weight(text: str) -> int:
    return sum(WORTH if sign >= HAN else 1 for sign in text)


def forget(aggregate: BaseModel, keep: Collection[str], **fields: Any) -> None:
    """Blank its words, and set these fields."""
    blank = type(aggregate).model_validate({**blanked(aggregate.model_dump(), keep), **fields})
    for name in type(aggregate).model_fields:
        setattr(aggregate, name, getattr(blank, name))

"""What differs between two revisions of an article."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from services.kb.articles.content import Content

LINE_BY_LINE = 1_000  # lines of a text; of longer ones the rest is one block


class Mark(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class DiffLine(NamedTuple):
    mark: Mark
    text: str


def differences(old: Content, new: Content) -> dict[str, list[DiffLine]]:
    """By field, for those that differ; of a list each element is a line."""
    found = {}
    for name in Content.model_fields:
        before, after = _lines(getattr(old, name)), _lines(getattr(new, name))
        if before != after:
            found[name] = list(_compared(before, after))
    return found


def _lines(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    lines = str(value).split("\n") if value else []
    return [*lines[:LINE_BY_LINE], "\n".join(lines[LINE_BY_LINE:])] if len(lines) > LINE_BY_LINE else lines


def _compared(before: list[str], after: list[str]) -> Iterator[DiffLine]:
    for _, begin, end, new_begin, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if before[begin:end] == after[new_begin:new_end]:
            yield from (DiffLine(Mark.SAME, line) for line in before[begin:end])
            continue
        yield from (DiffLine(Mark.REMOVED, line) for line in before[begin:end])
        yield from (DiffLine(Mark.ADDED, line) for line in after[new_begin:new_end])

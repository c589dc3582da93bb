"""Bounds in bytes, so that what is kept of a ticket always fits into a document."""

from collections.abc import Sequence
from typing import TypeVar

from shared.events import Part, SolutionRound

P = TypeVar("P", bound=Part)

TEXT_BYTES = 80_000  # of one text; 20,000 characters, as long as one may be, have no more
ROUNDS_BYTES = 1_500_000
CUT = "…"


def cut(text: str, most: int = TEXT_BYTES) -> str:
    """The beginning of a text, with a mark where it was cut."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: most - len(CUT.encode())].decode(errors="ignore") + CUT


def cut_texts(part: P, most: int = TEXT_BYTES) -> P:
    """The same with each of its texts cut."""
    return part.model_copy(update={name: cut(value, most) for name, value in part if isinstance(value, str)})


def newest_that_fit(rounds: Sequence[SolutionRound], most: int = ROUNDS_BYTES) -> list[SolutionRound]:
    """The last rounds, in their order, as many as have room; the last of all is always there."""
    kept: list[SolutionRound] = []
    for one in reversed(rounds):
        size = len(one.model_dump_json().encode())
        if kept and size > most:
            break
        kept.append(one)
        most -= size
    return kept[::-1]

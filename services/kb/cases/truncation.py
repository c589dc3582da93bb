"""Limits in bytes, so that what is kept of a ticket always fits into a document."""

from collections.abc import Sequence
from typing import TypeVar

from shared.events import Part, SolutionRound

P = TypeVar("P", bound=Part)

TEXT_BYTES = 80_000  # of one text; 20,000 characters, the most that one may have, are no more
ROUNDS_BYTES = 1_500_000
ELLIPSIS = "…"


def truncated(text: str, limit: int = TEXT_BYTES) -> str:
    """The beginning of a text, with an ellipsis where it was cut."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: limit - len(ELLIPSIS.encode())].decode(errors="ignore") + ELLIPSIS


def with_truncated_texts(part: P, limit: int = TEXT_BYTES) -> P:
    return part.model_copy(update={name: truncated(value, limit) for name, value in part if isinstance(value, str)})


def newest_that_fit(rounds: Sequence[SolutionRound], limit: int = ROUNDS_BYTES) -> list[SolutionRound]:
    """The last rounds, in their order, as many as have room; the last of all is always there."""
    kept: list[SolutionRound] = []
    for one in reversed(rounds):
        size = len(one.model_dump_json().encode())
        if kept and size > limit:
            break
        kept.append(one)
        limit -= size
    return kept[::-1]

"""Which of somebody's open tickets may be about the same thing, by the words of their titles."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.search.words import CHUNK, pairs
from shared.texts import plain

MOST = 5
LEAST_SHARED, LEAST_SHARE = 2, 0.3  # of the words of the shorter title
MAX_TEXT = 400  # characters
Row = Mapping[str, Any]


def similar(rows: Sequence[Row], title: str) -> list[Row]:
    """The most similar first, of equals in their order."""
    wanted = _terms(title)
    found: list[tuple[float, Row]] = []
    for row in rows:
        known = _terms(row["problem"]["title"])
        shared = len(wanted & known)
        share = shared / max(1, min(len(wanted), len(known)))
        if shared >= LEAST_SHARED and share >= LEAST_SHARE:
            found.append((share, row))
    found.sort(key=lambda one: -one[0])
    return [row for _, row in found[:MOST]]


def _terms(title: str) -> set[str]:
    """Words, and pairs of neighbouring characters where nothing stands between words."""
    found: set[str] = set()
    for chunk in CHUNK.findall(plain(title, MAX_TEXT).lower()):
        found.update([chunk] if chunk.isascii() else pairs(chunk))
    return found

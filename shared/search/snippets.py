"""What a result shows of a text: the place where the words are, and which characters they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.search.words import Word, stem

LENGTH = 160  # characters
BEFORE = 40  # of them, before the first word
MAX_TEXT = 64_000
MAX_MARKS = 20


@dataclass(frozen=True)
class Snippet:
    """`marks` are the words in it: from, up to, counted in characters (Unicode code points)."""

    field: str
    text: str
    marks: tuple[tuple[int, int], ...]


def snippet(texts: Iterable[tuple[str, str]], words: Sequence[Word]) -> Snippet | None:
    """Of the first of the texts (with the names of their fields) that has most of the words; None if none has one."""
    spellings = [_spellings(word) for word in words]
    best: tuple[int, str, str, int] | None = None
    for field, text in texts:
        text = text[:MAX_TEXT]
        lower = _lower(text)
        first = [min((at for one in ways if (at := lower.find(one)) >= 0), default=-1) for ways in spellings]
        found = [at for at in first if at >= 0]
        if found and (best is None or len(found) > best[0]):
            best = len(found), field, text, min(found)
        if len(found) == len(words) and found:
            break
    if best is None:
        return None
    _, field, text, at = best
    begin = max(0, at - BEFORE)
    cut = " ".join(text[begin : begin + LENGTH].split())
    return Snippet(field, cut, _marks(_lower(cut), spellings))


def _spellings(word: Word) -> list[str]:
    """As it may stand in a text, the longest first."""
    lower = word.text.lower()
    return sorted({one for one in (lower, stem(lower), word.prefix) if one}, key=len, reverse=True)


def _lower(text: str) -> str:
    """In lower case, with every character at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _marks(lower: str, spellings: Sequence[Sequence[str]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for ways in spellings:
        for spelling in ways:
            at = lower.find(spelling)
            while at >= 0 and len(found) < MAX_MARKS * len(spellings):
                found.append((at, at + len(spelling)))
                at = lower.find(spelling, at + len(spelling))
    marks: list[tuple[int, int]] = []
    for begin, end in sorted(found, key=lambda one: (one[0], -one[1])):
        if not marks or begin >= marks[-1][1]:
            marks.append((begin, end))
    return tuple(marks[:MAX_MARKS])

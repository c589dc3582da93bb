"""What is searched, and what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.search.words import Word


@dataclass(frozen=True)
class Entry:
    """What is searched of one aggregate, as it is in this version. Keywords may have several values. By
    its meaning it is known by `meaning`, a short text."""

    id: str
    version: int
    texts: Mapping[str, str]
    keywords: Mapping[str, Sequence[str]]
    numbers: Mapping[str, int]
    meaning: str = ""


@dataclass(frozen=True)
class Wanted:
    """Entries that have every word in one of the `texts`, for each keyword one of the values, each number from the
    first to the second, and that are not among those `without`."""

    words: Sequence[Word] = ()
    texts: Sequence[str] = ()
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    without: "Wanted | None" = None

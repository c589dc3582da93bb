"""The orders in which lists are read page by page, and how far ahead a page is looked for.

The embedded server reads and sorts all that a query matches, however few are wanted. So a page is read in windows of
the sort key that widen until it is full. Where the list of each query began, and how wide its first window must be, is
remembered. It is a guess: a wrong one costs a second query or a longer one, never a wrong answer. A server that walks
the index loses nothing by it.
"""

import time
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.cursor import Key, invalid

TOO_MANY = 8  # times the page: the next window is a narrower one
REMEMBERED = 1000  # queries
NARROWEST = -3
KNOWN_FOR = 600.0  # seconds: what came before the first key that is remembered is read along, so it must not be much
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
LAST_MILLISECOND = 253_402_300_799_999  # of the year 9999
LATEST = EPOCH + LAST_MILLISECOND * MILLISECOND
LARGEST = 2**62


class Order(ABC):
    """By `field`, of equal ones by their id. `first` is where the list begins: what has its key before that, or has
    none, is not in it. A store has one of each list, which it keeps."""

    field: str
    first: Any
    is_descending = False

    def __init__(self) -> None:
        self._guesses: dict[str, tuple[Any | None, float, int]] = {}  # first key, when it was seen, width

    @abstractmethod
    def end(self, start: Any | None, width: int) -> Any | None:
        """The key at which a window of this width ends that begins at `start`, or where most lists begin. Each width
        reaches several times as far as the one before; None is the end of the list."""

    def dump(self, key: Any) -> Key:
        """As it stands in a cursor."""
        return key  # type: ignore[no-any-return]

    @abstractmethod
    def load(self, key: Key) -> Any:
        """Raises Invalid for what is no key of this list."""

    def guess(self, query: str) -> tuple[Any | None, int]:
        """The key with which its list begins, if that was seen lately, and how wide a window has to be."""
        first, seen, width = self._guesses.get(query, (None, 0.0, 0))
        return first if time.monotonic() < seen + KNOWN_FOR else None, width

    def remember(self, query: str, first: Any | None, width: int, keys: Sequence[Any], wanted: int) -> None:
        """The list begins with `first`, None if that was not looked at; so many were wanted, and windows up to this
        width held these keys."""
        if len(keys) > TOO_MANY * wanted:
            self.saw(keys)
            width = max(width - 1, NARROWEST)
        if first is not None:
            seen = time.monotonic()
        else:
            first, seen, _ = self._guesses.get(query, (None, 0.0, 0))
        if len(self._guesses) >= REMEMBERED:
            self._guesses.clear()
        self._guesses[query] = first, seen, width

    def saw(self, keys: Sequence[Any]) -> None:  # noqa: B027
        """These are keys of the list, in order."""

    def saw_all(self, keys: Sequence[Any], start: Any, end: Any | None) -> None:  # noqa: B027
        """These are all the keys of the list from `start` to `end`, in order."""


class ByMoment(Order):
    """By a moment; most of those that are asked for lie about now."""

    FIRST = timedelta(minutes=10)
    FARTHER = 6
    LAST = timedelta(days=20 * 365)

    def __init__(self, field: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.field = field
        self._now = now

    def dump(self, key: datetime) -> Key:
        return (key - EPOCH) // MILLISECOND

    def load(self, key: Key) -> datetime:
        if not isinstance(key, int) or not 0 <= key <= LAST_MILLISECOND:
            raise invalid()
        return EPOCH + key * MILLISECOND


class NewestFirst(ByMoment):
    """The latest first."""

    first = LATEST
    is_descending = True

    def end(self, start: datetime | None, width: int) -> datetime | None:
        back = self.FIRST * self.FARTHER**width
        start = start or self._now()
        return start - back if back < self.LAST and start > EPOCH + back else None


class EarliestFirst(ByMoment):
    """The earliest first."""

    first = EPOCH

    def end(self, start: datetime | None, width: int) -> datetime | None:
        far = self.FIRST * self.FARTHER**width
        start = start or self._now()
        return start + far if far < self.LAST and start < LATEST - far else None


class ByNumber(Order):
    """By numbers from 1 on, of which most are taken."""

    FIRST = 200
    FARTHER = 4
    LAST = 10_000_000
    first = 0

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field

    def end(self, start: int | None, width: int) -> int | None:
        far = int(self.FIRST * self.FARTHER**width)
        return (start or 0) + far if far < self.LAST else None

    def load(self, key: Key) -> int:
        if not isinstance(key, int) or not 0 <= key <= LARGEST:
            raise invalid()
        return key


class ByText(Order):
    """By text, from `first` on. Nobody can say how far one text is from another, so keys about `APART` elements apart
    are remembered as marks; without marks all that there is is read."""

    APART = 50
    FARTHER = 4
    MOST_MARKS = 4000

    def __init__(self, field: str, first: str = "") -> None:
        super().__init__()
        self.field, self.first = field, first
        self._marks: list[str] = []

    def end(self, start: str | None, width: int) -> str | None:
        at = bisect_right(self._marks, start or "") + self.FARTHER ** max(width, 0)
        return self._marks[at] if at < len(self._marks) else None

    def load(self, key: Key) -> str:
        if not isinstance(key, str) or not key.isprintable():
            raise invalid()
        return key

    def saw(self, keys: Sequence[str]) -> None:
        self._marks = sorted({*self._marks, *keys[self.APART - 1 :: self.APART]})
        if len(self._marks) > self.MOST_MARKS:
            self._marks = self._marks[::2]

    def saw_all(self, keys: Sequence[str], start: str, end: str | None) -> None:
        """Marks that are not where they ought to be any more are forgotten."""
        self._marks = [mark for mark in self._marks if mark <= start or (end and mark >= end)]
        self.saw(keys)

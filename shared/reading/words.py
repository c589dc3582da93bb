"""How lists of words become patterns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NOTHING = "(?!)"
# Whole words; the lookahead spares a Chinese text the trial of each.
LATIN = "(?<![A-Za-z])(?=[A-Za-z'])(?:{})(?![A-Za-z])"


@dataclass(frozen=True)
class Words:
    """Some words in both languages. Chinese ones stand anywhere, English ones are whole words."""

    chinese: re.Pattern[str]
    english: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        found = None if text.isascii() else self.chinese.search(text)
        return found or self.english.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        if not text.isascii():
            yield from self.chinese.finditer(text)
        yield from self.english.finditer(text)

    def without(self, text: str) -> str:
        return self.english.sub(" ", self.chinese.sub(" ", text))


def words(chinese: str, english: str = "") -> Words:
    """The alternatives are patterns; spaces between them count for nothing, `_` is a space in one of them."""
    return Words(_any_of(chinese.split(), "{}"), _any_of(english.split(), LATIN))


def _any_of(alternatives: list[str], form: str) -> re.Pattern[str]:
    pattern = form.format("|".join(alternatives)) if alternatives else NOTHING
    return re.compile(pattern.replace("_", " "), re.IGNORECASE | re.MULTILINE)

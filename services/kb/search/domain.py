"""What is searched, what is asked, and what a search finds."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shared.domain import Aggregate
from shared.events import Likeness, SearchCases
from shared.search.common import common_words
from shared.search.snippets import Snippet, snippet
from shared.search.words import Word
from shared.terms import Category, Term
from shared.texts import plain

MAX_QUESTION = 20_000  # characters
MAX_SHOWN_WORDS = 12  # of a reason
MAX_VERSIONS = 8  # that a text may name
MAX_KEYWORD = 300  # characters
PARTS, BITS = 4, 15  # of a version that counts in ranges

_VERSION = re.compile(r"(?<![A-Za-z0-9_.])[vV]?(\d{1,9}(?:\.\d{1,9}){1,3})(?![A-Za-z0-9_]|\.\d)")
_NUMBER = re.compile(r"\d{1,9}")


class Kind(Term):
    ARTICLE = "article", "article", "知识条目"
    CASE = "case", "solved case", "已解决案例"


class By(Term):
    """In what a question and what it found are alike."""

    FINGERPRINT = "fingerprint", "the same error", "错误指纹相同"
    VERSION = "version", "the same version", "版本相同"
    WORDS = "words", "the same words", "用词相同"
    MEANING = "meaning", "alike in meaning", "含义相近"


@dataclass(frozen=True)
class Searched:
    """What is searched of one article or case, and what a result shows of it. `texts` have the names of their fields;
    `article` is itself, or the one that solved the case."""

    kind: Kind
    title: str
    texts: Sequence[tuple[str, str]]
    tags: Sequence[str] = ()
    fingerprints: Sequence[str] = ()
    article: str = ""
    category: Category | None = None
    product: str = ""
    product_version: str = ""
    module: str = ""
    audience: str = ""

    def shown(self) -> Iterator[tuple[str, str]]:
        yield "title", self.title
        yield "tags", " ".join(self.tags)
        yield from self.texts

    def heading(self) -> str:
        return "\n".join((self.title, *self.tags, self.product, self.product_version, self.module))


class Searchable(Aggregate):
    @abstractmethod
    def entry(self) -> Searched | None:
        """None when it must not be found."""


@dataclass(frozen=True)
class Filters:
    """Only those that have one of the values of each field that has any, and a version in the range."""

    product: Sequence[str] = ()
    module: Sequence[str] = ()
    category: Sequence[str] = ()
    audience: Sequence[str] = ()
    version_from: str = ""
    version_to: str = ""


@dataclass(frozen=True)
class Found:
    """`score`: which share of the question it has, from 0 to 1; 1 where a fingerprint is the same."""

    id: str
    score: float
    what: Searched
    why: list[Likeness] = field(default_factory=list)
    passage: Snippet | None = None

    @property
    def exact(self) -> bool:
        return any(one.by == By.FINGERPRINT for one in self.why)


def explained(id: str, score: float, what: Searched, query: SearchCases, is_meant: bool = False) -> Found:
    """What was found, with the reasons, the strongest first. `is_meant`: it means much the same."""
    why: list[Likeness] = []
    if same := [one for one in query.fingerprints if one in what.fingerprints]:
        why.append(Likeness(by=By.FINGERPRINT.value, values=same[:MAX_SHOWN_WORDS]))
    asked = [query.product_version, *versions_in(query.text)]
    if what.product_version and version_number(what.product_version) in map(version_number, filter(None, asked)):
        why.append(Likeness(by=By.VERSION.value, values=[what.product_version[:MAX_KEYWORD]]))
    words = common_words(query.text, "\n".join(text for _, text in what.shown()), MAX_QUESTION)
    if words:
        why.append(Likeness(by=By.WORDS.value, values=words[:MAX_SHOWN_WORDS]))
    if is_meant:
        why.append(Likeness(by=By.MEANING.value))
    shown = snippet(what.shown(), [Word(word, ()) for word in words]) if words else None
    return Found(id, score, what, why, shown)


def keyword(text: str) -> str:
    """As values are compared: without regard to width and case."""
    return plain(text.strip(), MAX_KEYWORD).lower()


def versions_in(text: str) -> list[str]:
    return list(dict.fromkeys(_VERSION.findall(plain(text, MAX_QUESTION))))[:MAX_VERSIONS]


def version_number(version: str) -> int | None:
    """A version as a number that sorts like its first four parts (`V3.2` before `3.10`); None if it has no digit."""
    parts = [min(int(part), 2**BITS - 1) for part in _NUMBER.findall(plain(version, MAX_KEYWORD))[:PARTS]]
    if not parts:
        return None
    number = 0
    for part in (*parts, 0, 0, 0)[:PARTS]:
        number = (number << BITS) + part
    return number

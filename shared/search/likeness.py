"""Texts and questions to the terms by which they are alike; how often a term occurs counts.

Chinese is cut into words (by jieba's dictionary) and pairs of neighbouring characters, in titles into words and single
characters: short questions are matched best by single characters, long texts by pairs. English words are stemmed
(Porter's Snowball); names made of several words are known whole and by their parts, versions as they are and by their
first two numbers, so that `3.2` finds `3.2` first and then `3.2.1`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import rjieba
import tantivy

from shared.search.vocabulary import SYNONYMS
from shared.search.words import CHUNK, CJK, MAX_PARTS, MAX_REMEMBERED, SIGNED, bounded, joined_name, pairs, spelled

MAX_TITLE = 200  # characters up to which the first line of a question is one
TITLE_COUNTS = 3.0  # what a word there counts, when more lines follow
MOST_IN_TITLES, MOST_IN_BODIES = 40, 300  # different terms of the other lines that count: each is looked up
MEANING, MEANING_COUNTS = "=", 0.3  # before a meaning, and what it counts: the word itself counts besides
FAMILY = "~"  # behind the first two numbers of a version

_IS_CJK = re.compile(rf"[{CJK}]")
_PUNCTUATION = re.compile(r"[._@:/+\-]")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_VERSION = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){1,8})")
_SPELLINGS = (
    (re.compile(r"(?<![A-Za-z])win(?:dows)?[ \-]?(\d{1,4})(?![\d.])", re.IGNORECASE), r" windows\1 "),
    (re.compile(r"(?<![A-Za-z])(log|sign)(?:ging|ged|ing|ed|s)?[ \-](in|on|out|off)(?![A-Za-z])", re.I), r" \1\2 "),
    (re.compile(r"(?<![A-Za-z])time[sd]?[ \-]?outs?(?![A-Za-z])", re.IGNORECASE), " timeout "),
)
_SNOWBALL = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)
_STOP_WORDS = (
    "a an and are as at be been but by can could did do does for from had has have he hello help hi how i if in into "
    "is it its just me my no not of on or our please she so some than thank thanks that the their them then there "
    "these they this to too us was we were what when where which while who why will with would you your"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
STOP_CHARACTERS = frozenset("的了在是我有和就都一也很到说要你会着这那吗呢吧请您们么个上下时后")


@dataclass(frozen=True)
class Question:
    """What is asked for: its terms as titles have them and as bodies have them, and how much each counts."""

    titles: dict[str, float]
    bodies: dict[str, float]

    @classmethod
    def of(cls, text: str, most: int) -> "Question":
        """The first line is a title when it is short and more lines follow."""
        title, _, rest = text.strip().partition("\n")
        is_titled = len(title) <= MAX_TITLE
        counts = TITLE_COUNTS if rest.strip() and is_titled else 1.0
        one = cls({}, {})
        one._add(terms_of_title(title, most) if is_titled else terms_of_body(title, most), one.titles, counts)
        one._add(terms_of_body(title, most), one.bodies, counts)
        beneath = terms_of_body(rest, most)
        one._add(_first(beneath, MOST_IN_TITLES), one.titles, 1.0)
        one._add(_first(beneath, MOST_IN_BODIES), one.bodies, 1.0)
        return one

    @staticmethod
    def _add(terms: list[str], to: dict[str, float], counts: float) -> None:
        for term in terms:
            to[term] = to.get(term, 0.0) + (counts * MEANING_COUNTS if term.startswith(MEANING) else counts)


def _first(terms: list[str], most: int) -> list[str]:
    """Only so many different ones, as often as they occur."""
    kept = set(list(dict.fromkeys(terms))[:most])
    return [term for term in terms if term in kept]


def terms_of_title(text: str, most: int) -> list[str]:
    return _terms(text, most, True)


def terms_of_body(text: str, most: int) -> list[str]:
    return _terms(text, most, False)


def _terms(text: str, most: int, short: bool) -> list[str]:
    text = spelled(text, most)
    for spelling, normal in _SPELLINGS:
        text = spelling.sub(normal, text)
    found: list[str] = []
    for chunk in CHUNK.findall(text):
        if not _IS_CJK.match(chunk):
            found += _remembered(chunk) if len(chunk) <= MAX_REMEMBERED else _of_word(chunk)
        else:
            words = [word for word in rjieba.cut_for_search(chunk) if len(word) > 1]
            found += words
            found += [_MEANINGS[word] for word in words if word in _MEANINGS]
            found += _characters(chunk) if short or len(chunk) == 1 else pairs(chunk)
    return found


def _characters(run: str) -> list[str]:
    return [character for character in run if character not in STOP_CHARACTERS]


def _of_word(chunk: str) -> tuple[str, ...]:
    whole = chunk.lower()
    if whole in STOP_WORDS:
        return ()
    if whole.endswith(SIGNED):
        return (bounded(whole),)
    if version := _VERSION.fullmatch(whole):
        number = version[1]
        return bounded(number), bounded(".".join(number.split(".")[:2]) + FAMILY)
    pieces = [piece for piece in _PUNCTUATION.split(chunk) if piece][:MAX_PARTS]
    found = [bounded(whole), stemmed(joined_name(whole))] if len(pieces) > 1 else []
    for piece in pieces:
        if piece.lower() in STOP_WORDS:
            continue
        found.append(stemmed(piece.lower()))
        parts = _PART.findall(piece)[:MAX_PARTS]
        if len(parts) > 1:
            found += [stemmed(part.lower()) for part in parts if len(part) > 1]
    found += [_MEANINGS[one] for one in found if one in _MEANINGS]
    return tuple(dict.fromkeys(one for one in found if one))


def _meanings() -> dict[str, str]:
    """A term of its own for each meaning, by the words in both languages that have it."""
    found: dict[str, str] = {}
    for line in SYNONYMS.split("\n"):
        words = line.split()
        found |= {word if _IS_CJK.match(word) else stemmed(word): f"{MEANING}{words[0]}" for word in words}
    return found


_remembered = lru_cache(20_000)(_of_word)


def stemmed(word: str) -> str:
    if len(word) > MAX_REMEMBERED or not word.isascii() or not word.isalpha():
        return bounded(word)
    return (_SNOWBALL.analyze(word) or [word])[0]


_MEANINGS = _meanings()

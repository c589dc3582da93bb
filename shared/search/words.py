"""Texts and questions to the terms that an index has, the same way for both.

Chinese (and Japanese and Korean) is cut into pairs of neighbouring characters, so that any two or more characters are
found wherever they stand, by the pairs in their order; and into single ones. Other words are cut where the script
changes, lower-cased, and known whole, by their parts (`IllegalStateException`, `TK-2026-000123`, `win11`), and without
the endings of plural and tense, which is as much stemming as cannot take one word for another. `C`, `C++` and `C#` are
three words, `.NET` is `dotnet`, `Node.js` also `nodejs`. Numbers that may be telephone numbers are known by their
digits alone, from any digit on.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from shared.texts import plain

CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
MAX_WORD = 250  # characters of a term; longer words are known by their parts, and whole by a hash
MAX_PARTS = 40  # of one word
MAX_WORDS = 16  # of a question that count
LEAST_PREFIX = 2  # characters of a word that stands for those beginning with it
LEAST_DIGITS = 4  # of a number, that it is found by
MAX_REMEMBERED = 60  # characters of a word whose terms are kept in memory
SINGLE = "~"  # before a single character, which no word begins with
HASHED = "#"  # before a hash

CHUNK = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+(?:[._@:/+\-][^\W_{CJK}]+)*(?:\+\+|#(?![A-Za-z0-9_]))?")
DOT_NET = re.compile(r"(?<![\w.@/])\.net(?!\w)", re.IGNORECASE)
SIGNED = ("+", "#")  # what a name ends with that is no other name with more behind it
NAMES_OF_TWO = ("js", "net")  # `Node.js` is `nodejs`, `ASP.NET` is `aspnet`
NUMBER = re.compile(r"(?<![A-Za-z0-9._\-])\+?\(?\d(?:[ \-()]{0,2}\d){6,19}(?![A-Za-z0-9]|\.\d)")
_IS_CJK = re.compile(rf"[{CJK}]")
_PUNCTUATION = re.compile(r"[._@:/+\-]")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_VERSION = re.compile(r"v\d")
_NO_DIGIT = re.compile(r"\D")
_COUNTRY = re.compile(r"\A(?:00)?86(?=\d{7})|\A0+")


@dataclass(frozen=True)
class Word:
    """One word of a question. An entry has it that has all terms of one of the `any_of`, in their order where they are
    `in_order`, or a term that begins with `prefix`. `text` is what of it can be shown in a text."""

    text: str
    any_of: tuple[tuple[str, ...], ...]
    in_order: bool = False
    prefix: str = ""


def terms_of(text: str, most: int) -> str:
    """The terms of a text in its order, separated by spaces; what is behind `most` characters is not read."""
    text = spelled(text, most)
    found: list[str] = []
    single: dict[str, None] = {}
    for chunk in CHUNK.findall(text):
        if _IS_CJK.match(chunk):
            found += pairs(chunk)
            single.update(dict.fromkeys(chunk))
        else:
            found += _terms_of_short_word(chunk) if len(chunk) <= MAX_REMEMBERED else _terms_of_word(chunk)
    for number in NUMBER.findall(text):
        found += _ends(_digits(number))
    return " ".join([*found, *(f"{SINGLE}{one}" for one in single)])


def spelled(text: str, most: int) -> str:
    """What counts of a text, in one spelling."""
    return DOT_NET.sub(" dotnet", plain(text, most))


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def words_of(question: str, most: int) -> list[Word]:
    """What is asked for, word by word; empty when there is no word in it."""
    return list(dict.fromkeys(_words(spelled(question, most))))[:MAX_WORDS]


def _words(question: str) -> Iterator[Word]:
    at = 0
    for number in NUMBER.finditer(question):
        yield from _plain_words(question[at : number.start()])
        yield _number(number[0])
        at = number.end()
    yield from _plain_words(question[at:])


def _plain_words(question: str) -> Iterator[Word]:
    for chunk in CHUNK.findall(question):
        if not _IS_CJK.match(chunk):
            yield _word(chunk)
        elif len(chunk) == 1:
            yield Word(chunk, ((f"{SINGLE}{chunk}",),))
        else:
            yield Word(chunk, (tuple(pairs(chunk)),), in_order=True)


def _number(written: str) -> Word:
    """A telephone number, or another number that looks like one; as it is written also a word, where it is one."""
    digits = _digits(written)
    bare = _COUNTRY.sub("", digits)
    ways = [(one,) for one in dict.fromkeys((digits, bare)) if len(one) >= LEAST_DIGITS]
    whole = written.strip("+() ").lower()
    if CHUNK.fullmatch(whole):
        ways.append((whole,))
    return Word(written.strip(), tuple(dict.fromkeys(ways)), prefix=bare)


def _word(chunk: str) -> Word:
    whole = chunk.lower()
    if whole.endswith(SIGNED):
        return Word(chunk, ((whole[-MAX_WORD:],),))
    ways = [(bounded(whole),)]
    if joined := joined_name(whole):
        ways.append((joined,))
    if (stemmed := stem(whole)) != whole:
        ways.append((stemmed,))
    parts = [one.lower() for one in _PART.findall(chunk)[:MAX_PARTS]]
    if len(parts) > 1 and all(len(part) > 1 and not part.isdigit() for part in parts):
        ways.append(tuple(dict.fromkeys(part[:MAX_WORD] for part in parts)))
    prefix = whole[:MAX_WORD] if len(whole) >= LEAST_PREFIX else ""
    return Word(chunk, tuple(dict.fromkeys(ways)), prefix=prefix)


def _terms_of_word(chunk: str) -> tuple[str, ...]:
    whole = chunk.lower()
    if whole.endswith(SIGNED):
        return (whole[-MAX_WORD:],)
    found = [bounded(whole), stem(whole), joined_name(whole)]
    between = _PUNCTUATION.split(chunk)
    if len(between) > 1:
        found += [piece.lower() for piece in between[:MAX_PARTS]]
        # Neighbouring parts are found as they are written: `2026-000123` of a ticket's number, `v3.2` of `v3.2.1`.
        for mark in list(_PUNCTUATION.finditer(chunk))[:MAX_PARTS]:
            found += [whole[: mark.start()], whole[mark.end() :]]
    for piece in between[:MAX_PARTS]:
        parts = _PART.findall(piece)
        if len(parts) > 1:
            found += [part.lower() for part in parts[:MAX_PARTS]]
        found += [stem(part.lower()) for part in parts[:MAX_PARTS]]
        if piece[:2].lower() == "0x":
            found.append(piece[2:].lower())
        if piece.isdigit():
            found.append(piece.lstrip("0"))
    if _VERSION.match(whole):
        found += [one[1:] for one in found if _VERSION.match(one)]
    return tuple(dict.fromkeys(one for one in found if one and len(one) <= MAX_WORD))


_terms_of_short_word = lru_cache(20_000)(_terms_of_word)


def bounded(word: str) -> str:
    """A word of any length as a term."""
    if len(word) <= MAX_WORD:
        return word
    return HASHED + hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=16).hexdigest()


def joined_name(whole: str) -> str:
    """`nodejs` of `node.js`; of other words nothing."""
    first, _, last = whole.rpartition(".")
    return f"{first}{last}" if last in NAMES_OF_TWO and first.isalnum() and len(whole) <= MAX_WORD else ""


def _digits(number: str) -> str:
    return _NO_DIGIT.sub("", number)


def _ends(digits: str) -> list[str]:
    """A number from each of its digits on, so that it is found without what stands before."""
    return [digits[at:] for at in range(len(digits) - LEAST_DIGITS + 1)]


def stem(word: str) -> str:
    """An English word without the endings of plural and tense; what is left need not be a word."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word

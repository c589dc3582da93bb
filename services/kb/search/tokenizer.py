"""Text to search terms, in Chinese and English, so that one language finds the other.

Chinese is cut into pairs of characters, titles also into single ones: short questions are matched best by single
characters, long texts by pairs. Words that both languages share a meaning for become one common term.
"""

import re
from functools import lru_cache

from services.kb.search.vocabulary import STOP_CHARACTERS, STOP_WORDS, SYNONYMS
from shared.texts import plain

CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
MAX_TEXT = 4000  # characters that are read; what follows is rarely about the problem
MAX_WORD = 60

_CHUNK = re.compile(rf"[{CJK}]+|[^\W{CJK}]+(?:[.\-][^\W{CJK}]+)*")
_IS_CJK = re.compile(rf"[{CJK}]")
_VERSION = re.compile(r"\Av?(\d+(?:\.\d+)+)\Z")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_SPELLINGS = (
    (re.compile(r"(?<![A-Za-z])win(?:dows)?[ \-]?(\d+)(?![\d.])", re.IGNORECASE), r" windows\1 "),
    (
        re.compile(r"(?<![A-Za-z])(?:log|sign)(?:ging|ged|ing|ed|s)?[ \-]?(?:in|on)(?![A-Za-z])", re.IGNORECASE),
        " login ",
    ),
    (re.compile(r"(?<![A-Za-z])time[sd]?[ \-]?outs?(?![A-Za-z])", re.IGNORECASE), " timeout "),
)


def normalized(text: str) -> str:
    """One spelling for what is written in many: full-width letters, `Windows 11` and `Win11`, `log in` and `login`."""
    text = plain(text, MAX_TEXT)
    for spelling, normal in _SPELLINGS:
        text = spelling.sub(normal, text)
    return text


def terms(text: str, short: bool = False) -> list[str]:
    """Every search term of a text, repeated as often as it occurs; `short` texts give single characters as well."""
    found: list[str] = []
    for chunk in _CHUNK.findall(normalized(text)):
        if _IS_CJK.match(chunk):
            found += _chinese(chunk, short)
        elif len(chunk) <= MAX_WORD:
            found += _word(chunk)
    return found


def _chinese(run: str, short: bool) -> list[str]:
    found = [_SYNONYMS_ZH[word] for word in _ZH_WORDS.findall(run)]
    found += [run[at : at + 2] for at in range(len(run) - 1)]
    if short or len(run) == 1:
        found += [character for character in run if character not in STOP_CHARACTERS]
    return found


@lru_cache(50_000)
def _word(chunk: str) -> tuple[str, ...]:
    """A word as it is understood: versions whole and bare, compound names whole and in parts, other words stemmed."""
    whole = chunk.lower()
    if version := _VERSION.match(whole):
        number = version[1]
        short = ".".join(number.split(".")[:2])
        return tuple(dict.fromkeys((whole, number, short)))
    if whole in STOP_WORDS:
        return ()
    parts = _PART.findall(chunk)
    if len(parts) < 2:
        return (_canonical(whole),)
    split = [_canonical(part.lower()) for part in parts if len(part) > 1 and part.lower() not in STOP_WORDS]
    return tuple(dict.fromkeys((_canonical(whole), *split)))


def _canonical(word: str) -> str:
    return _SYNONYMS_EN.get(word) or _SYNONYMS_EN.get(stem(word)) or stem(word)


def stem(word: str) -> str:
    """The word without the endings of plural and tense; what is left need not be a word."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _synonyms() -> tuple[dict[str, str], dict[str, str]]:
    english: dict[str, str] = {}
    chinese: dict[str, str] = {}
    for line in SYNONYMS.split("\n"):
        words = line.split()
        for word in words:
            if _IS_CJK.match(word):
                chinese[word] = f"={words[0]}"
            else:
                english[word] = english[stem(word)] = f"={words[0]}"
    return english, chinese


_SYNONYMS_EN, _SYNONYMS_ZH = _synonyms()
_ZH_WORDS = re.compile("|".join(sorted(_SYNONYMS_ZH, key=len, reverse=True)))

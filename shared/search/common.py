"""The words that a question and a text have in common, as the question has them."""

import re

import rjieba

from shared.search.likeness import STOP_WORDS, terms_of_title
from shared.search.words import CHUNK, CJK, MAX_REMEMBERED, spelled

MAX_TEXT = 64_000  # characters of a text that are looked at
_IS_CJK = re.compile(rf"[{CJK}]")


def common_words(question: str, text: str, most: int) -> list[str]:
    """In the order of the question, each once; the first `most` characters of it are looked at."""
    known = set(terms_of_title(text, MAX_TEXT))
    found: dict[str, str] = {}
    for word in _words(spelled(question, most)):
        if word.lower() not in found and not known.isdisjoint(terms_of_title(word, MAX_REMEMBERED)[:1]):
            found[word.lower()] = word
    return list(found.values())


def _words(question: str) -> list[str]:
    found: list[str] = []
    for chunk in CHUNK.findall(question):
        if _IS_CJK.match(chunk):
            found += [word for word in rjieba.cut(chunk) if len(word) > 1]
        elif len(chunk) <= MAX_REMEMBERED and chunk.lower() not in STOP_WORDS:
            found.append(chunk)
    return found
